import { describe, expect, it } from '@jest/globals';
import { latin1 } from '@pdf-tools/harness/documents/pdf-text';
import { serialize } from '../syntax/serializer.js';
import { MemorySource } from './byte-source.js';
import { parseRaw, readIndirect } from './indirect-object.js';
import type { RawObject } from './indirect-object.js';

const read = (text: string, offset = 0): RawObject | undefined => readIndirect(new MemorySource(latin1(text)), offset);

describe('readIndirect', () => {
  it('reads the number, the generation and the range of the object', () => {
    const raw = read('%junk\n12 3 obj\n<</A 1>>\nendobj', 6);
    expect(raw).toMatchObject({ num: 12, gen: 3, compressed: false, dataOffset: undefined, fixups: [] });
    expect(raw?.bytes.toString('latin1', raw.start, raw.end)).toBe('<</A 1>>');
  });

  it.each([
    ['no space around obj', '1 0 obj<</A 1>>endobj', '<</A 1>>'],
    ['no space behind obj', '1 0 obj5 endobj', '5'],
    ['no endobj', '1 0 obj <</A 1>> 2 0 obj <<>> endobj', '<</A 1>>'],
    ['space and comments before it', ' \0\r\n%x\n1 0 obj 5 endobj', '5'],
    ['nothing in it', '1 0 obj endobj', 'null'],
    ['its end cut off', '1 0 obj <</A[1 2', '<</A[1 2]>>'],
    ['a value that is a reference', '1 0 obj 7 0 R endobj', '7 0 R'],
    ['brackets of two kinds', '1 0 obj <</A[1>> endobj', '<</A[1]>>'],
  ])('reads an object with %s', (_, text, expected) => {
    const raw = read(text);
    expect(raw?.num).toBe(1);
    expect(raw && serialize(parseRaw(raw))).toBe(expected);
  });

  it.each(['', '1 0', '1 0 ob', 'x 0 obj', '1 x obj', '1.5 0 obj', '1 obj', 'xref', '/1 0 obj'])(
    'reads none in %j',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it.each([-1, 9, 1e12])('returns undefined at offset %d, outside the file', (offset) => {
    expect(read('1 0 obj 5', offset)).toBeUndefined();
  });

  it.each([
    ['LF', 'stream\n', 7],
    ['CR LF', 'stream\r\n', 8],
    ['CR alone, as some write it', 'stream\r', 7],
    ['spaces before the line end', 'stream  \r\n', 10],
    ['no line end', 'stream', 6],
  ])('finds the data of a stream that begins after %s', (_, keyword, length) => {
    expect(read(`1 0 obj<<>>${keyword}[data`)?.dataOffset).toBe(11 + length);
    expect(read(`1 0 obj<</A[1>>${keyword}[data`)?.dataOffset).toBe(15 + length);
  });
});
