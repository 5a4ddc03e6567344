import { describe, expect, it } from '@jest/globals';
import { sourceNumber, targetNumber } from './object-numbers.js';
import type { SourceObjectNumber, TargetObjectNumber } from './object-numbers.js';
import { PdfRef, TargetRef } from './objects.js';
import { SOURCE_NUMBERS, TARGET_NUMBERS, serialize } from './serializer.js';

const [SOURCE, TARGET] = [sourceNumber(7), targetNumber(7)];

describe('object numbers and references', () => {
  it('cannot be interchanged between source and target without a compiler error', () => {
    // @ts-expect-error A target number is no source number.
    const source: SourceObjectNumber = TARGET;
    // @ts-expect-error A source number is no target number.
    const target: TargetObjectNumber = SOURCE;
    // @ts-expect-error A plain number is neither.
    const plain: SourceObjectNumber | TargetObjectNumber = 7;
    // @ts-expect-error A reference of the target is none of the source.
    const reference: PdfRef = new TargetRef(TARGET);
    // @ts-expect-error A reference of the source is none of the target.
    const written: TargetRef = new PdfRef(SOURCE, 0);
    // @ts-expect-error A reference of the source needs a number of the source.
    const mixed = new PdfRef(TARGET, 0);
    // @ts-expect-error A reference of the target needs a number of the target.
    const swapped = new TargetRef(SOURCE);
    expect([source, target, plain]).toEqual([7, 7, 7]);
    expect([reference, written, mixed, swapped]).toHaveLength(4);
  });

  it('belong to separate classes', () => {
    expect(new TargetRef(TARGET)).not.toBeInstanceOf(PdfRef);
    expect(new PdfRef(SOURCE, 0)).not.toBeInstanceOf(TargetRef);
  });

  it('cannot be serialized for the target while they refer to the source', () => {
    const reference = [new PdfRef(SOURCE, 0)];
    expect(() => serialize(reference, TARGET_NUMBERS)).toThrow('Object 7 of the source must be copied');
    expect(serialize([new TargetRef(TARGET)], TARGET_NUMBERS)).toBe('[7 0 R]');
    expect(serialize([new PdfRef(SOURCE, 0)], SOURCE_NUMBERS)).toBe('[7 0 R]');
  });
});
