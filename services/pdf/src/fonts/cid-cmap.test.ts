import { describe, expect, it } from '@jest/globals';
import { IDENTITY_CMAP, readCidCmap } from './cid-cmap.js';
import type { CidCmap } from './cid-cmap.js';

const cmapOf = (text: string): CidCmap | undefined => readCidCmap(Buffer.from(text, 'latin1'));

/** The codes of a string with their lengths and CIDs, or undefined if it cannot be split. */
function read(cmap: CidCmap | undefined, hex: string): (readonly number[])[] | undefined {
  const found: (readonly number[])[] = [];
  const isSplit = cmap?.readCodes(Buffer.from(hex, 'hex'), (code, length) => {
    found.push([code, length, ...cmap.cidsOf(code, length)]);
  });
  return isSplit === true ? found : undefined;
}

const MIXED = `
  2 begincodespacerange <00> <80> <8140> <9ffc> endcodespacerange
  1 begincidrange <20> <7e> 231 endcidrange
  1 begincidchar <8140> 633 endcidchar
  1 beginnotdefrange <00> <1f> 7 endnotdefrange
`;

describe('readCidCmap', () => {
  it('splits strings by the codespace ranges and maps codes to CIDs and those of undefined characters', () => {
    expect(read(cmapOf(MIXED), '2081409ffc')).toEqual([
      [0x20, 1, 231, 0, 7],
      [0x8140, 2, 633, 0, 7],
      [0x9ffc, 2, 0, 7],
    ]);
  });

  it('fails on bytes outside of the codespace ranges', () => {
    expect(read(cmapOf(MIXED), '20ff')).toBeUndefined();
    expect(read(cmapOf(MIXED), '2081')).toBeUndefined();
  });

  it('takes the values of a ToUnicode CMap as CIDs, besides the codes and glyph 0', () => {
    const cmap = cmapOf(`
      1 begincodespacerange <0000> <ffff> endcodespacerange
      2 beginbfchar <0020> <0003> <0021> <0004> endbfchar
      1 beginbfrange <0041> <0043> <0024> endbfrange
    `);
    expect(read(cmap, '002000430050')).toEqual([
      [0x20, 2, 3, 0, 0x20],
      [0x43, 2, 0x26, 0, 0x43],
      [0x50, 2, 0, 0x50],
    ]);
  });

  it.each([
    ['a value of two characters', '1 beginbfchar <0020> <00660069> endbfchar'],
    ['values in an array', '1 beginbfrange <0020> <0021> [<0003> <0004>] endbfrange'],
    ['values that exceed their last byte', '1 beginbfrange <0020> <0021> <00ff> endbfrange'],
  ])('does not understand a ToUnicode CMap with %s', (_, text) => {
    expect(cmapOf(`1 begincodespacerange <0000> <ffff> endcodespacerange ${text}`)).toBeUndefined();
  });

  it.each([
    ['another CMap', `/90ms-RKSJ-H usecmap ${MIXED}`],
    ['overlapping ranges', `${MIXED} 1 begincidrange <7e> <7f> 1 endcidrange`],
    ['a range beyond the last CID', `${MIXED} 1 begincidrange <00> <02> 65534 endcidrange`],
    ['no codespace range', '1 begincidchar <20> 1 endcidchar'],
    [
      'a CID that is no number',
      '1 begincodespacerange <00> <ff> endcodespacerange 1 begincidchar <20> <21> endcidchar',
    ],
  ])('does not understand %s', (_, text) => {
    expect(cmapOf(text)).toBeUndefined();
  });

  it('reads two-byte codes with the predefined CMap Identity', () => {
    expect(read(IDENTITY_CMAP, '00410102')).toEqual([
      [0x41, 2, 0x41],
      [0x102, 2, 0x102],
    ]);
    expect(read(IDENTITY_CMAP, '0041ff')).toBeUndefined();
  });
});
