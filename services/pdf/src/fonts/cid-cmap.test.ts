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
