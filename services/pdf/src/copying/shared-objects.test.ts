import { describe, expect, it } from '@jest/globals';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { ONE_PAGE, pdfText } from '@pdf-tools/harness/documents/pdf-text';
import { SharedObjects } from './shared-objects.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** For a file with these objects from number 4 on. */
const objectsOf = (...bodies: string[]): SharedObjects =>
  new SharedObjects(openBytes(pdfText([...ONE_PAGE, ...bodies]).bytes));
const bound = (shared: SharedObjects, ...numbers: number[]): number[] =>
  numbers.filter((num) => shared.isBound(sourceNumber(num)));

describe('SharedObjects', () => {
  it('binds all objects that refer to a bound object, including cycles', () => {
    const shared = objectsOf('<</A 5 0 R>>', '<</B 6 0 R/C 4 0 R>>', '<</P 3 0 R>>', '<</A 8 0 R>>', '<</A 7 0 R>>');
    shared.bind(sourceNumber(3));
    expect(bound(shared, 4, 5, 6, 7, 8, 99)).toEqual([4, 5, 6]);
  });

  it('binds objects that were explored before', () => {
    const shared = objectsOf('<</A 5 0 R>>', '<</A 6 0 R/B 4 0 R>>', '<</C 1>>', '<</A 6 0 R>>');
    expect(bound(shared, 4, 5, 6, 7)).toEqual([]);
    shared.bind(sourceNumber(5));
    expect(bound(shared, 4, 5, 6, 7)).toEqual([4, 5]);
    shared.bind(sourceNumber(6));
    expect(bound(shared, 4, 5, 6, 7)).toEqual([4, 5, 6, 7]);
  });

  it('binds objects that contain a marker', () => {
    const shared = objectsOf('<</A 5 0 R>>', '<</S/GoTo/D(x)>>', '<</S/URI>>');
    expect(bound(shared, 4, 5, 6)).toEqual([]);
    shared.bindMarked(['/GoTo', '/Dest']);
    expect(bound(shared, 4, 5, 6)).toEqual([4, 5]);
  });

  it('binds objects with parent tree keys only if the document is tagged', () => {
    const body = '<</Type/XObject/StructParent 3>>';
    expect(bound(objectsOf(body), 4)).toEqual([]);
    const catalog = '<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</Type/StructTreeRoot>>>>';
    const tagged = new SharedObjects(openBytes(pdfText([catalog, ...ONE_PAGE.slice(1), body]).bytes));
    expect(bound(tagged, 4)).toEqual([4]);
  });

  it('never binds a pinned object or an object because of it', () => {
    const shared = objectsOf('<</Type/OCG/Usage 5 0 R>>', '<</P 3 0 R>>', '<</OC 4 0 R>>');
    shared.pin(sourceNumber(4));
    shared.bind(sourceNumber(3));
    expect(bound(shared, 4, 5, 6)).toEqual([5]);
  });
});
