import { describe, expect, it } from '@jest/globals';
import { claimingPdf } from '@pdf-tools/harness/documents/claiming-pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { jpeg } from '@pdf-tools/harness/samples';
import operation from './definition.js';

const linearizes = (bytes: Buffer): boolean => bytes.includes('/Linearized 1');

async function merge(files: readonly (readonly [string, Buffer])[], params: Readonly<Record<string, unknown>> = {}) {
  const { bytes, result } = await produce(operation, files, { params: { linearize: 'true', ...params } });
  return { bytes, report: result.report };
}

describe('merge-pdf with linearize', () => {
  it('writes a linearized result, and only if that is asked for', async () => {
    const files = [
      ['a.pdf', pagesPdf('A', 2)],
      ['b.jpg', await jpeg()],
    ] as const;
    const { bytes, report } = await merge(files, { toc: true });
    expect(linearizes(bytes)).toBe(true);
    expect(report).toMatchObject({ linearized: true, pages: 4 });
    const without = await merge(files, { linearize: 'false' });
    expect(linearizes(without.bytes)).toBe(false);
    expect(without.report.linearized).toBeUndefined();
  });

  it('encrypts a linearized result', async () => {
    const { bytes, report } = await merge([['a.pdf', pagesPdf('SECRET', 2)]], { output_password: 'x' });
    expect(report).toMatchObject({ linearized: true, encrypted: true });
    expect(() => openBytes(bytes)).toThrow('password');
    expect(openBytes(bytes, 'x').isDamaged).toBe(false);
  });

  it('does not linearize a result that claims PDF/A-1, and says why', async () => {
    const { bytes, report } = await merge([['a.pdf', claimingPdf({ part: 1, profile: 'profile' })]]);
    expect(linearizes(bytes)).toBe(false);
    expect(bytes.toString('latin1', 0, 8)).toBe('%PDF-1.4');
    expect(report.notes).toEqual([
      'The result is not linearized. The standard that it claims does not allow cross-reference streams.',
    ]);
  });
});
