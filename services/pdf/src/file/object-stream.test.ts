import { describe, expect, it } from '@jest/globals';
import { latin1 } from '@pdf-tools/harness/documents/pdf-text';
import { PdfDict } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import { parseRaw } from './indirect-object.js';
import { ObjectStream } from './object-stream.js';
import { sourceNumber } from '../syntax/object-numbers.js';

const open = (count: number, header: string, body: string): ObjectStream =>
  new ObjectStream(PdfDict.of({ N: count, First: header.length }), latin1(header + body));
/** All objects in serialized form, by number. */
function objectsOf(stream: ObjectStream): Record<number, string> {
  const objects: Record<number, string> = {};
  for (const num of stream.numbers()) {
    const raw = stream.get(num);
    if (raw) objects[num] = serialize(parseRaw(raw));
  }
  return objects;
}

describe('ObjectStream', () => {
  it('returns each object by number with generation 0 and its exact range', () => {
    const stream = open(3, '11 0 12 8 5 15 ', '<</A 1>>[2 0 R]true');
    expect(objectsOf(stream)).toEqual({ 11: '<</A 1>>', 12: '[2 0 R]', 5: 'true' });
    expect(stream.get(sourceNumber(11))).toMatchObject({
      num: 11,
      gen: 0,
      start: 15,
      end: 23,
      compressed: true,
      dataOffset: undefined,
    });
    expect(stream.get(sourceNumber(99))).toBeUndefined();
  });

  it.each([
    ['objects in another order than the header', 2, '1 4 2 0 ', '[1] [2]', { 1: '[2]', 2: '[1]' }],
    ['a header with fewer objects than /N says', 9, '1 0 ', '[1]', { 1: '[1]' }],
    ['a header with more than /N says', 1, '1 0 2 4 ', '[1] [2]', { 1: '[1]' }],
    ['a header that stops making sense', 3, '1 0 x 2 4 ', '[1] [2]', { 1: '[1]' }],
    ['an offset below 0', 2, '1 0 2 -3 ', '[1]', { 1: '[1]' }],
    ['an offset behind the end', 2, '1 0 2 999 ', '[1]', { 1: '[1]' }],
    ['a number that comes twice: the first counts', 2, '1 0 1 4 ', '[1] [2]', { 1: '[1]' }],
    ['two numbers with one offset', 2, '1 0 2 0 ', '[1]', { 1: '[1]', 2: '[1]' }],
    ['an object that is cut off', 1, '1 0 ', '<</A[1 (x', { 1: '<</A[1(x)]>>' }],
    ['keywords around the object, as some write them', 1, '1 0 ', '<</A 1>> endobj', { 1: '<</A 1>>' }],
    ['a stream, which may not be in here', 1, '1 0 ', '<</A 1>>stream', { 1: '<</A 1>>' }],
    ['no objects', 0, '', '', {}],
    ['fewer than none', -1, '1 0 ', '[1]', {}],
  ])('reads what it can from %s', (_, count, header, body, expected) => {
    expect(objectsOf(open(count, header, body))).toEqual(expected);
  });

  it.each([
    PdfDict.of({ N: 1 }),
    PdfDict.of({ First: 4 }),
    PdfDict.of({ N: 1, First: 1e9 }),
    PdfDict.of({ N: 1.5, First: 4 }),
  ])('is empty if its dictionary is invalid', (dict) => {
    expect(objectsOf(new ObjectStream(dict, latin1('1 0 [1]')))).toEqual({});
  });
});
