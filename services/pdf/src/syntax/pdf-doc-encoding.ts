/** The characters of PDFDocEncoding that differ from Latin-1 (ISO 32000-2, annex D.2), in runs by first byte. */
const SPECIAL: readonly (readonly [first: number, characters: string])[] = [
  [0x18, '˘ˇˆ˙˝˛˚˜'],
  [0x80, '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž'],
  [0xa0, '€'],
];
const BYTES = buildTable();
const CHARACTERS = new Map([...BYTES].map(([character, byte]) => [byte, character]));

/** Decodes PDFDocEncoding. Bytes without a character there are read as Latin-1. */
export function decodePdfDoc(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) text += CHARACTERS.get(byte) ?? String.fromCharCode(byte);
  return text;
}

/** Encodes a text in PDFDocEncoding. Returns undefined if a character is not in it. */
export function encodePdfDoc(text: string): Buffer | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = BYTES.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return Buffer.from(bytes);
}

function buildTable(): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  const addRange = (first: number, last: number): void => {
    for (let byte = first; byte <= last; byte += 1) table.set(String.fromCharCode(byte), byte);
  };
  addRange(0x09, 0x0a);
  addRange(0x0d, 0x0d);
  addRange(0x20, 0x7e);
  addRange(0xa1, 0xac);
  addRange(0xae, 0xff);
  for (const [first, characters] of SPECIAL) {
    for (let at = 0; at < characters.length; at += 1) table.set(characters.charAt(at), first + at);
  }
  return table;
}
