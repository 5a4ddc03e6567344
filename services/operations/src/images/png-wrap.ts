import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** What a wrapped picture's rows hold. */
interface Rows {
  readonly width: number;
  readonly height: number;
  /** Colour type of ISO/IEC 15948, table 11.1. */
  readonly colorType: number;
}

/** An 8-bit PNG around a zlib stream of filtered rows, so that libvips reads what PDF stores with PNG predictors. */
export function wrapAsPng({ width, height, colorType }: Rows, rows: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  header.writeUInt8(colorType, 9);
  return Buffer.concat([
    SIGNATURE,
    ...chunk('IHDR', header),
    ...chunk('IDAT', rows),
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
