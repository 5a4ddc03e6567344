import { Jbig2Image } from 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Decodes embedded JBIG2 with pdf.js. Returns packed rows with white padding, 1 for black. */
export function decodeJbig2(bytes: Uint8Array): Buffer {
  return Buffer.from(new Jbig2Image().parseChunks([{ data: bytes, start: 0, end: bytes.length }]));
}

/**
 * Decodes CCITT Group 4 with pdf.js. Returns packed rows with white padding, 1 for black. The decoder is reached as that
 * of a JBIG2 region with MMR coding, which is the same code (T.88, 6.2.6).
 */
export function decodeCcittG4(bytes: Uint8Array, { width, height }: Size): Buffer {
  const region = [...uint32(width), ...uint32(height), ...uint32(0), ...uint32(0), 0];
  const page = [...uint32(width), ...uint32(height), ...uint32(0), ...uint32(0), 1, 0, 0];
  const [usesMmr, pageInformation, genericRegion] = [1, 48, 39];
  return decodeJbig2(
    Buffer.concat([
      segment(0, pageInformation, Buffer.from(page)),
      segment(1, genericRegion, Buffer.concat([Buffer.from([...region, usesMmr]), bytes])),
    ]),
  );
}

function segment(number: number, type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...uint32(number), type, 0, 1, ...uint32(data.length)]), data]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
