/** The text of an XMP packet and its encoding. UTF-8 is represented as Latin-1, so that every byte survives. */
export interface XmpText {
  readonly text: string;
  readonly encode: (text: string) => Buffer;
}

/**
 * Decodes a packet in UTF-8 or UTF-16 (ISO 16684-1, 7.3.2), by its byte order mark or by the zero bytes of its first
 * characters.
 */
export function readXmpText(packet: Buffer): XmpText {
  const [first = 0, second = 0] = packet;
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const isLittleEndian = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && packet.length > 1);
  if (isBigEndian) return { text: swapped(packet).toString('utf16le'), encode: (text) => swapped(utf16(text)) };
  if (isLittleEndian) return { text: packet.toString('utf16le'), encode: utf16 };
  return { text: packet.toString('latin1'), encode: (text) => Buffer.from(text, 'latin1') };
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** Swaps the bytes of each pair and drops an odd byte at the end. */
function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}
