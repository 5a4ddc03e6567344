import { describe, expect, it } from '@jest/globals';
import { trimToUnicode } from './to-unicode.js';

const START = '/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n';
const END = '\nendcmap CMapName currentdict /CMap defineresource pop end';

function trim(entries: string, codes: readonly number[]): string | undefined {
  const trimmed = trimToUnicode(Buffer.from(`${START}${entries}${END}`, 'latin1'), new Set(codes))?.toString('latin1');
  if (trimmed === undefined) return undefined;
  expect(trimmed.startsWith(START)).toBe(true);
  expect(trimmed.endsWith(END)).toBe(true);
  return trimmed.slice(START.length, -END.length).trim().replaceAll(/\s+/g, ' ');
}

describe('trimToUnicode', () => {
  it('keeps the values of the codes in use', () => {
    const entries = `2 beginbfchar <0001> <0041> <0002> <00660069> endbfchar
      2 beginbfrange <0010> <001f> <0061> <0020> <0022> [<0030> <D83DDE00> <0032>] endbfrange`;
    expect(trim(entries, [2, 0x11, 0x21, 0x99])).toBe(
      '3 beginbfchar <0002><00660069> <0011><0062> <0021><d83dde00> endbfchar',
    );
    expect(trim(entries, [])).toBe('');
  });

  it('writes successive codes as ranges that change the last byte only', () => {
    const entries = '1 beginbfrange <00fc> <0103> <0020> endbfrange';
    expect(trim(entries, [0xfc, 0xfd, 0xfe, 0xff, 0x100, 0x101])).toBe(
      '2 beginbfchar <0100><0024> <0101><0025> endbfchar 1 beginbfrange <00fc><00ff><0020> endbfrange',
    );
  });

  it('keeps the length of codes, which may differ from that of the shown codes', () => {
    expect(trim('1 beginbfchar <41> <0042> endbfchar', [0x41])).toBe('1 beginbfchar <41><0042> endbfchar');
  });

  it.each([
    ['another CMap', '/Other usecmap 1 beginbfchar <0001> <0041> endbfchar'],
    ['CIDs', '1 begincidchar <0001> 7 endcidchar 1 beginbfchar <0001> <0041> endbfchar'],
    ['glyph names', '1 beginbfchar <0001> /A endbfchar'],
    ['two values of a code', '2 beginbfchar <0001> <0041> <0001> <0042> endbfchar'],
    ['values that exceed their last byte', '1 beginbfrange <0000> <0001> <00ff> endbfrange'],
    ['an array that is too short', '1 beginbfrange <0000> <0001> [<0041>] endbfrange'],
    ['too many codes', '1 beginbfrange <00000000> <00ffffff> <0000> endbfrange'],
    ['an entry without a value', '1 beginbfchar <0001> endbfchar'],
    ['entries without an end', '1 beginbfchar <0001> <0041>'],
    ['an array without an end', '1 beginbfrange <0000> <0001> [<0041>'],
    ['entries without a count', 'beginbfchar <0001> <0041> endbfchar'],
  ])('does not understand a CMap with %s', (_, entries) => {
    expect(trim(entries, [1])).toBeUndefined();
  });
});
