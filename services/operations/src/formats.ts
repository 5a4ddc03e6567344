/** A file format as it is recognised by content: its media type, the extensions people expect, and what kind of thing it is. */
interface Format {
  readonly label: string;
  readonly mediaType: string;
  readonly extension: string;
  readonly kind: 'document' | 'image';
}

/** Every format that some operation accepts. */
export const FORMATS = {
  pdf: { label: 'PDF', mediaType: 'application/pdf', extension: 'pdf', kind: 'document' },
  jpeg: { label: 'JPEG', mediaType: 'image/jpeg', extension: 'jpg', kind: 'image' },
  png: { label: 'PNG', mediaType: 'image/png', extension: 'png', kind: 'image' },
  webp: { label: 'WebP', mediaType: 'image/webp', extension: 'webp', kind: 'image' },
  gif: { label: 'GIF', mediaType: 'image/gif', extension: 'gif', kind: 'image' },
  tiff: { label: 'TIFF', mediaType: 'image/tiff', extension: 'tif', kind: 'image' },
  avif: { label: 'AVIF', mediaType: 'image/avif', extension: 'avif', kind: 'image' },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

/** True for a string that names a format. */
export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}
