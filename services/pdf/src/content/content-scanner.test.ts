import { describe, expect, it } from '@jest/globals';
import { ContentScanner } from './content-scanner.js';
import type { InlineImage } from './inline-data.js';
import type { Operation } from './operation.js';

/** Records what the scanner finds and copies all bytes. */
class Recorder {
  readonly operations: string[] = [];
  readonly images: InlineImage[] = [];
  isLost = false;
  copy = '';

  operation(operation: Operation): void {
    const operands = Array.from({ length: operation.count }, (_item, at) => JSON.stringify(operation.at(at)));
    this.operations.push([...operands, operation.operator].join(' '));
    this.copy += operation.raw().toString('latin1');
  }

  inlineImage(image: InlineImage): void {
    this.images.push(image);
  }

  passed(bytes: Buffer): void {
    this.copy += bytes.toString('latin1');
  }

  lost(): void {
    this.isLost = true;
  }
}

function scan(content: string, pieceLength = content.length): Recorder {
  const recorder = new Recorder();
  const scanner = new ContentScanner(recorder);
  for (let at = 0; at < content.length; at += pieceLength) {
    scanner.push(Buffer.from(content.slice(at, at + pieceLength), 'latin1'));
  }
  scanner.end();
  return recorder;
}

/** The data lengths of all inline images and the operators after the last one. */
function inlineImages(content: string): { lengths: number[]; last: string | undefined } {
  const { images, operations } = scan(content);
  return { lengths: images.map(({ bytes }) => bytes), last: operations.at(-1) };
}

const CONTENT = [
  'q 1 0 0 1 0 0 cm % a comment (with brackets [\n',
  '/Na#6de gs [(a \\) b) -12.5 <414243>] TJ (nested (text)) Tj\n',
  '/Span << /ActualText (x) /List [1 2 << /K /V >>] >> BDC EMC\n',
  'BI /W 4 /H 2 /BPC 8 /CS /G ID abEI\nEI \nEI Q BT T* ET ',
  'BI /W 4 /H 2 /F /Fl ID \x01\x02EI\x99\x00EI \xfe\xff EI\nQ\n',
  '.5 -.25 +3 1e3 0 k/Im Do true null ri',
].join('');

describe('ContentScanner', () => {
  it('reports operators with their operands', () => {
    expect(scan('1 -2.5 /N#61me (a) [1 [2] (b)] << /K 3 >> true null scn').operations).toEqual([
      '1 -2.5 {"value":"Name"} {"bytes":{"type":"Buffer","data":[97]}} ' +
        '[1,[2],{"bytes":{"type":"Buffer","data":[98]}}] {} true null scn',
    ]);
  });

  it.each([1, 2, 3, 7, 16, 64])('finds the same operations in pieces of %d bytes', (length) => {
    const [whole, pieces] = [scan(CONTENT), scan(CONTENT, length)];
    expect(whole.operations).toHaveLength(19);
    expect(pieces.operations).toEqual(whole.operations);
    expect(pieces.images).toEqual(whole.images);
  });

  it.each([1, 5, 1000])('passes on all bytes in pieces of %d bytes', (length) => {
    expect(scan(CONTENT, length).copy).toBe(CONTENT);
  });

  it('splits operators written without a space', () => {
    expect(scan('qBT/F 1 TfQ q').operations.map((operation) => operation.split(' ').at(-1))).toEqual([
      ...['q', 'BT', 'Tf', 'Q', 'q'],
    ]);
  });

  it('keeps the last operands if there are too many', () => {
    const { operations } = scan(`${'7 '.repeat(100)}1 0 0 1 0 0 cm`);
    expect(operations).toHaveLength(1);
    expect(operations[0]).toMatch(/^(7 ){58}1 0 0 1 0 0 cm$/);
  });

  it('continues after an operand above the limit', () => {
    const { operations, isLost } = scan(`[${'12 '.repeat(500_000)}] TJ 1 w`, 65_536);
    expect(operations.at(-1)).toBe('1 w');
    expect(isLost).toBe(false);
  });

  it('stops at a string above the limit', () => {
    const { operations, isLost } = scan(`q (${'text '.repeat(500_000)}) Tj Q`, 65_536);
    expect(operations).toEqual(['q']);
    expect(isLost).toBe(true);
  });

  it('finds no operators in comments and strings', () => {
    expect(scan('% Q\n(Q) (\\) Q) <51> [/Q (Q)] n').operations).toHaveLength(1);
  });
});

describe('ContentScanner with inline images', () => {
  it.each([
    ['8 bits gray', '/W 4 /H 2 /BPC 8 /CS /G', 8],
    ['1 bit gray in whole bytes', '/W 9 /H 3 /BPC 1 /CS /DeviceGray', 6],
    ['a mask', '/W 9 /H 3 /IM true', 6],
    ['RGB', '/Width 2 /Height 3 /BitsPerComponent 8 /ColorSpace /RGB', 18],
    ['CMYK with 4 bits', '/W 3 /H 2 /BPC 4 /CS /CMYK', 12],
    ['indexed colours', '/W 5 /H 2 /BPC 4 /CS [/I /RGB 1 <000000ffffff>]', 6],
  ])('takes the length of %s from the dictionary', (_kind, entries, length) => {
    // An apparent end with content after it is part of the data.
    const data = ' EI Q q '.repeat(10).slice(0, length);
    expect(inlineImages(`BI ${entries} ID ${data}\nEI Q 5 w`)).toEqual({ lengths: [length], last: '5 w' });
  });

  it('searches for the end if it is not where the dictionary puts it', () => {
    expect(inlineImages('BI /W 90 /H 2 /BPC 8 /CS /G ID abcdef EI Q 5 w')).toEqual({ lengths: [7], last: '5 w' });
  });

  it.each([
    ['Fl', '\x78\x9c\x01 EI \x80 EI q\x07q'],
    ['DCT', '\xff\xd8EI \xff\xd9'],
    ['CCF', '\x00\x01EI foo bar baz qux quux'],
  ])('does not end %s data at an EI without content after it', (filter, data) => {
    const content = `BI /W 9 /H 9 /BPC 8 /CS /G /F /${filter} ID ${data}\nEI Q 5 w`;
    expect(inlineImages(content)).toEqual({ lengths: [data.length + 1], last: '5 w' });
  });

  it.each([
    ['A85', '87cURD EI Q q 5 w EI Q ]i~>'],
    ['AHx', '41EI Q 42 EI Q 43>'],
  ])('ends %s data after their marker', (filter, data) => {
    const content = `BI /W 9 /H 9 /BPC 8 /CS /G /F [/${filter} /Fl] ID ${data}\nEI Q 5 w`;
    expect(inlineImages(content)).toEqual({ lengths: [data.length + 1], last: '5 w' });
  });

  it('reads data that are too long to buffer', () => {
    const data = ' EI Q q '.repeat(250_000);
    const content = `BI /W 1000 /H 2000 /BPC 8 /CS /G ID ${data}\nEI Q 5 w`;
    expect(inlineImages(content)).toEqual({ lengths: [2_000_001], last: '5 w' });
    expect(scan(content, 65_536).copy).toBe(content);
  });

  it('reports the rest as lost if the data do not end', () => {
    expect(scan('BI /W 9 /H 9 /F /Fl ID abc /Im Do').isLost).toBe(true);
  });
});
