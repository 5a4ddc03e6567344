/** Tags of a directory (TIFF 6.0, sections 8 to 22). */
export const TAG = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  t4Options: 292,
  t6Options: 293,
  resolutionUnit: 296,
  predictor: 317,
  whitePoint: 318,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subIfds: 330,
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  oldJpegStream: 513,
  oldJpegStreamLength: 514,
  oldJpegRestartInterval: 515,
  oldJpegQuantization: 519,
  oldJpegDcTables: 520,
  oldJpegAcTables: 521,
  yCbCrCoefficients: 529,
  yCbCrSubsampling: 530,
  referenceBlackWhite: 532,
  iccProfile: 34_675,
  dngVersion: 50_706,
} as const;

/** Values of the tag Compression. */
export const COMPRESSION = {
  none: 1,
  modifiedHuffman: 2,
  group3: 3,
  group4: 4,
  lzw: 5,
  oldJpeg: 6,
  jpeg: 7,
  adobeDeflate: 8,
  deflate: 32_946,
  packBits: 32_773,
  zstd: 50_000,
  webp: 50_001,
} as const;

/** Compressions that are not decoded, for messages. */
const OTHER_COMPRESSIONS = new Map([
  [9, 'JBIG compression'],
  [10, 'JBIG compression'],
  [32_766, 'NeXT compression'],
  [32_771, 'word-aligned CCITT compression'],
  [32_809, 'ThunderScan compression'],
  [33_003, 'JPEG 2000 compression'],
  [33_005, 'JPEG 2000 compression'],
  [34_661, 'JBIG compression'],
  [34_676, 'SGI log compression'],
  [34_677, 'SGI log compression'],
  [34_712, 'JPEG 2000 compression'],
  [34_887, 'LERC compression'],
  [34_892, 'lossy JPEG compression of a camera'],
  [34_925, 'LZMA compression'],
  [52_546, 'JPEG XL compression'],
]);

export function compressionName(compression: number): string {
  return OTHER_COMPRESSIONS.get(compression) ?? `compression ${compression}`;
}

/** Values of the tag PhotometricInterpretation. */
export const PHOTOMETRIC = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  mask: 4,
  separated: 5,
  yCbCr: 6,
  cieLab: 8,
  iccLab: 9,
} as const;
