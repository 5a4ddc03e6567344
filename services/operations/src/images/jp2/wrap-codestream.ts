import type { Codestream } from './codestream.js';

/** Colour spaces by the number of components (ISO/IEC 15444-1, table I.10). */
const [SRGB, GRAY, CMYK] = [16, 17, 12];
const ENUMERATED = 1;

/** Puts a codestream into the boxes of a JP2 file, because PDF does not allow it without them. */
export function wrapCodestream(codestream: Buffer, { width, height, components, bits }: Codestream): Buffer[] {
  const size = Buffer.alloc(14);
  size.writeUInt32BE(height, 0);
  size.writeUInt32BE(width, 4);
  size.writeUInt16BE(components, 8);
  size.writeUInt8(bits - 1, 10);
  size.writeUInt8(7, 11);
  const space = components === 1 ? GRAY : components === 3 ? SRGB : CMYK;
  const header = Buffer.concat([box('ihdr', size), box('colr', Buffer.of(ENUMERATED, 0, 0, 0, 0, 0, space))]);
  return [
    box('jP  ', Buffer.of(0x0d, 0x0a, 0x87, 0x0a)),
    box('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')),
    box('jp2h', header),
    box('jp2c', codestream),
  ];
}

function box(type: string, body: Buffer): Buffer {
  const start = Buffer.alloc(8);
  start.writeUInt32BE(body.length + 8, 0);
  start.write(type, 4, 'latin1');
  return Buffer.concat([start, body]);
}
