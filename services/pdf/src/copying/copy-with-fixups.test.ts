import { describe, expect, it } from '@jest/globals';
import { latin1 } from '@pdf-tools/harness/documents/pdf-text';
import { MemorySource } from '../file/byte-source.js';
import { readIndirect } from '../file/indirect-object.js';
import { targetNumber } from '../syntax/object-numbers.js';
import { copyWithFixups } from './copy-with-fixups.js';

const BACKQUOTE = '`';

function copied(body: string, decrypt?: (bytes: Buffer) => Buffer): string {
  const raw = readIndirect(new MemorySource(latin1(`1 0 obj ${body} endobj`)), 0);
  if (!raw?.fixups) throw new TypeError('not scanned');
  const renumbering = {
    object: (num: number) => targetNumber(num === 9 ? 0 : num * 100),
    structParent: (key: number) => key + 50,
  };
  return copyWithFixups(raw, renumbering, decrypt);
}

describe('copyWithFixups', () => {
  it.each([
    ['<</A  1.50 /B#20C(x\r\ny) %comment\n/D<4 1>/E --5 >>', undefined],
    ['[/\xe4(\0\xff)]', undefined],
    ['<</A 2 0 R/B[3 7 R]/C 9 0 R>>', '<</A 200 0 R/B[300 0 R]/C null>>'],
    ['<</StructParents 3/StructParent  4/X 5>>', '<</StructParents 53/StructParent  54/X 5>>'],
    ['<</StructParents 3 0 R>>', '<</StructParents 300 0 R>>'],
    ['7 0 R', '700 0 R'],
  ])('copies %j unchanged except for its numbers', (body, expected) => {
    expect(copied(body)).toBe(expected ?? body);
  });

  it('decrypts literal and hexadecimal strings', () => {
    const reversed = (bytes: Buffer): Buffer => Buffer.from(bytes).reverse();
    expect(copied(String.raw`<</A(ab\)c)/B<616>/C 2 0 R/D(x)>>`, reversed)).toBe(
      String.raw`<</A(c\)ba)/B(${BACKQUOTE}a)/C 200 0 R/D(x)>>`,
    );
  });
});
