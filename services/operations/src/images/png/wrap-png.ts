import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** What the rows of a wrapped image hold. */
interface Rows {
  readonly width: number;
  readonly height: number;
  /** Colour type of ISO/IEC 15948, table 11.1. */
  readonly colorType: number;
  /** 8 by default. */
  readonly bitDepth?: number;
  readonly interlaced?: boolean;
  readonly palette?: Uint8Array | undefined;
  /** The body of a tRNS chunk. */
  readonly transparency?: Uint8Array | undefined;
}

/** Returns a PNG around a zlib stream of filtered rows, so that libvips reads what PDF stores with PNG predictors. */
export function wrapAsPng(image: Rows, ...rows: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(image.width, 0);
  header.writeUInt32BE(image.height, 4);
  header.writeUInt8(image.bitDepth ?? 8, 8);
  header.writeUInt8(image.colorType, 9);
  header.writeUInt8(image.interlaced === true ? 1 : 0, 12);
  return Buffer.concat([
    SIGNATURE,
    ...chunk('IHDR', header),
    ...(image.palette ? chunk('PLTE', image.palette) : []),
    ...(image.transparency ? chunk('tRNS', image.transparency) : []),
    ...rows.flatMap((part) => chunk('IDAT', part)),
    ...chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Uint8Array): Uint8Array[] {
  const start = Buffer.alloc(8);
  start.writeUInt32BE(body.length, 0);
  start.write(type, 4, 'latin1');
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(body, crc32(start.subarray(4))), 0);
  return [start, body, end];
}
