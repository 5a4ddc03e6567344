/** A file format that is recognized by its content. */
interface Format {
  readonly label: string;
  readonly mediaType: string;
  readonly extension: string;
  readonly kind: 'document' | 'image';
}

/** Every format that an operation accepts. */
export const FORMATS = {
  pdf: { label: 'PDF', mediaType: 'application/pdf', extension: 'pdf', kind: 'document' },
  jpeg: { label: 'JPEG', mediaType: 'image/jpeg', extension: 'jpg', kind: 'image' },
  png: { label: 'PNG', mediaType: 'image/png', extension: 'png', kind: 'image' },
  webp: { label: 'WebP', mediaType: 'image/webp', extension: 'webp', kind: 'image' },
  gif: { label: 'GIF', mediaType: 'image/gif', extension: 'gif', kind: 'image' },
  tiff: { label: 'TIFF', mediaType: 'image/tiff', extension: 'tif', kind: 'image' },
  avif: { label: 'AVIF', mediaType: 'image/avif', extension: 'avif', kind: 'image' },
  heic: { label: 'HEIC', mediaType: 'image/heic', extension: 'heic', kind: 'image' },
  jp2: { label: 'JPEG 2000', mediaType: 'image/jp2', extension: 'jp2', kind: 'image' },
  bmp: { label: 'BMP', mediaType: 'image/bmp', extension: 'bmp', kind: 'image' },
  ico: { label: 'ICO', mediaType: 'image/vnd.microsoft.icon', extension: 'ico', kind: 'image' },
  pnm: { label: 'PPM/PGM/PBM', mediaType: 'image/x-portable-anymap', extension: 'pnm', kind: 'image' },
  svg: { label: 'SVG', mediaType: 'image/svg+xml', extension: 'svg', kind: 'image' },
} as const satisfies Record<string, Format>;

/** The formats of images. */
export const IMAGE_FORMATS = (Object.keys(FORMATS) as FormatName[]).filter((name) => FORMATS[name].kind === 'image');

export type FormatName = keyof typeof FORMATS;

/** Whether a string names a format. */
export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}
