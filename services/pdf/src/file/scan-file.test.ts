import { describe, expect, it } from '@jest/globals';
import { latin1, streamText } from '@pdf-tools/harness/documents/pdf-text';
import { serialize } from '../syntax/serializer.js';
import { MemorySource } from './byte-source.js';
import { scanFile } from './scan-file.js';

/** The findings in a text: objects as `number generation`, trailers in serialized form. */
function findingsOf(text: string): { objects: string[]; trailers: string[] } {
  const source = new MemorySource(latin1(text));
  const { objects, trailers } = scanFile(source);
  return {
    objects: objects.map(({ num, gen, offset }) => `${num} ${gen} at ${offset}`),
    trailers: trailers.map((dict) => serialize(dict)),
  };
}

describe('scanFile', () => {
  it('finds objects in file order, including repeated numbers', () => {
    expect(findingsOf('%PDF\n1 0 obj<<>>endobj\n2 1 obj[1]endobj\n1 0 obj 7 endobj').objects).toEqual([
      '1 0 at 5',
      '2 1 at 23',
      '1 0 at 40',
    ]);
  });

  it.each([
    ['without endobj', '1 0 obj<<>>2 0 obj<<>>', ['1 0 at 0', '2 0 at 11']],
    ['on lines of their own', '1\r\n0\r\nobj\r\n5', ['1 0 at 0']],
    ['behind NUL', '\0\x001\x000\0obj 5', ['1 0 at 2']],
    ['cut off', '1 0 obj<</A[1', ['1 0 at 0']],
    ['without numbers', 'obj 0 obj x y obj endobj', []],
    ['in strings', '1 0 obj(2 0 obj 5 endobj)endobj 3 0 obj 5', ['1 0 at 0', '3 0 at 32']],
  ])('finds objects %s', (_, text, objects) => {
    expect(findingsOf(text).objects).toEqual(objects);
  });

  const inner = '1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R/Encrypt 5 0 R>>\nstartxref\n0\n%%EOF';
  it('ignores objects and trailers inside the data of a stream', () => {
    const outer = `7 0 obj\n${streamText('', inner)}\nendobj\n`;
    const intact = findingsOf(`${outer}trailer<</Root 8 0 R>>`);
    expect(intact).toEqual({ objects: ['7 0 at 0'], trailers: ['<</Root 8 0 R>>'] });
    expect(findingsOf(`${outer}8 0 obj 1 endobj ${outer}`).trailers).toEqual([]);
    const indirect = `7 0 obj\n${streamText('', inner, '9 0 R')}\nendobj\n`;
    expect(findingsOf(indirect)).toEqual({ objects: ['7 0 at 0'], trailers: [] });
  });

  it('finds trailers that name a catalog and lists those of cross-reference streams first', () => {
    const stream = `5 0 obj\n${streamText('/Type/XRef/Root 1 0 R', '')}\nendobj\n`;
    const text = `trailer<</Size 1>>trailer<</Root 2 0 R>>${stream}trailer\n<</Root 3 0 R/X[`;
    expect(findingsOf(text).trailers).toEqual([
      '<</Type/XRef/Root 1 0 R/Length 0>>',
      '<</Root 2 0 R>>',
      '<</Root 3 0 R/X[]>>',
    ]);
  });

  it.each(['trailer(', 'trailer<</Root 1 0 R/A(', 'trailer%', '1 0 obj(', 'obj', '1 0 obj<<>>stream '])(
    'takes time by the size of a file that is nothing but %j',
    (piece) => {
      const { objects } = findingsOf(piece.repeat(3_000_000 / piece.length));
      expect(objects.length).toBeLessThanOrEqual(1);
    },
  );
});
