import { describe, expect, it } from '@jest/globals';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { ONE_PAGE, pdfText } from '@pdf-tools/harness/documents/pdf-text';
import { SharedObjects } from './shared-objects.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** Of a file whose objects from number 4 on are given. */
const objectsOf = (...bodies: string[]): SharedObjects =>
  new SharedObjects(openBytes(pdfText([...ONE_PAGE, ...bodies]).bytes));
const bound = (shared: SharedObjects, ...numbers: number[]): number[] =>
  numbers.filter((num) => shared.isBound(sourceNumber(num)));

describe('SharedObjects', () => {
  it('binds what refers to a bound object, round circles too', () => {
    const shared = objectsOf('<</A 5 0 R>>', '<</B 6 0 R/C 4 0 R>>', '<</P 3 0 R>>', '<</A 8 0 R>>', '<</A 7 0 R>>');
    shared.bind(sourceNumber(3));
    expect(bound(shared, 4, 5, 6, 7, 8, 99)).toEqual([4, 5, 6]);
  });

  it('binds them also where they were looked at before', () => {
    const shared = objectsOf('<</A 5 0 R>>', '<</A 6 0 R/B 4 0 R>>', '<</C 1>>', '<</A 6 0 R>>');
    expect(bound(shared, 4, 5, 6, 7)).toEqual([]);
    shared.bind(sourceNumber(5));
    expect(bound(shared, 4, 5, 6, 7)).toEqual([4, 5]);
    shared.bind(sourceNumber(6));
    expect(bound(shared, 4, 5, 6, 7)).toEqual([4, 5, 6, 7]);
  });

  it('binds what has a marker among its bytes', () => {
    const shared = objectsOf('<</A 5 0 R>>', '<</S/GoTo/D(x)>>', '<</S/URI>>');
    expect(bound(shared, 4, 5, 6)).toEqual([]);
    shared.bindMarked(['/GoTo', '/Dest']);
    expect(bound(shared, 4, 5, 6)).toEqual([4, 5]);
  });

  it('binds keys of the parent tree only in a document that has one', () => {
    const body = '<</Type/XObject/StructParent 3>>';
    expect(bound(objectsOf(body), 4)).toEqual([]);
    const catalog = '<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</Type/StructTreeRoot>>>>';
    const tagged = new SharedObjects(openBytes(pdfText([catalog, ...ONE_PAGE.slice(1), body]).bytes));
    expect(bound(tagged, 4)).toEqual([4]);
  });

  it('never binds what is pinned, nor anything for its sake', () => {
    const shared = objectsOf('<</Type/OCG/Usage 5 0 R>>', '<</P 3 0 R>>', '<</OC 4 0 R>>');
    shared.pin(sourceNumber(4));
    shared.bind(sourceNumber(3));
    expect(bound(shared, 4, 5, 6)).toEqual([5]);
  });
});
