import { MACINTOSH_NAMES, NAMES_AT } from './post-names.js';

/**
 * Writes a table `post` that keeps the names of some glyphs. The other glyphs are named `.notdef`. The table must have
 * names that `readPostNames` understands.
 */
export function subsetPostNames(
  table: Uint8Array,
  names: readonly (string | undefined)[],
  glyphs: ReadonlySet<number>,
): Uint8Array {
  const indexes = Buffer.alloc(2 * names.length);
  const ownNames: string[] = [];
  for (const glyph of [...glyphs].sort((one, other) => one - other)) {
    const name = names[glyph];
    if (name === undefined) continue;
    const known = MACINTOSH_NAMES.indexOf(name);
    indexes.writeUInt16BE(known >= 0 ? known : MACINTOSH_NAMES.length + ownNames.length, 2 * glyph);
    if (known < 0) ownNames.push(name);
  }
  const header = Buffer.from(table.subarray(0, NAMES_AT));
  const count = Buffer.alloc(2);
  count.writeUInt16BE(names.length);
  const texts = ownNames.map((name) => Buffer.from(`${String.fromCharCode(name.length)}${name}`, 'latin1'));
  return Buffer.concat([header, count, indexes, ...texts]);
}
