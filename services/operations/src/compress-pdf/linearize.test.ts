import { describe, expect, it } from '@jest/globals';
import { claimingPdf } from '@pdf-tools/harness/documents/claiming-pdf';
import { documentOf } from '@pdf-tools/harness/documents/documents';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const linearizes = (bytes: Buffer): boolean => bytes.includes('/Linearized 1');

async function compress(document: Buffer, params: Readonly<Record<string, unknown>> = {}) {
  const { bytes, result } = await produce(operation, [['a.pdf', document]], {
    params: { linearize: 'true', ...params },
  });
  return { bytes, report: result.report };
}

describe('compress-pdf with linearize', () => {
  it('delivers a linearized result, and only if that is asked for', async () => {
    const document = await documentOf(...Array.from({ length: 40 }, (_none, at) => at + 100));
    const { bytes, report } = await compress(document);
    expect(linearizes(bytes)).toBe(true);
    expect(bytes.length).toBeLessThan(document.length);
    expect(report).toMatchObject({ linearized: true, unchanged: false, output_bytes: bytes.length });
    expect(report.notes).toBeUndefined();
    const without = await compress(document, { linearize: 'false' });
    expect(linearizes(without.bytes)).toBe(false);
    expect(without.report.linearized).toBeUndefined();
  });

  it('delivers a linearized result that is larger than the file, with a note', async () => {
    const { bytes: small } = await compress(pagesPdf('A', 1), { linearize: false });
    const { bytes, report } = await compress(small);
    expect(bytes.length).toBeGreaterThan(small.length);
    expect(report).toMatchObject({ linearized: true, notes: ['The linearized result is larger than the file.'] });
  });

  it('encrypts a linearized result', async () => {
    const { bytes, report } = await compress(pagesPdf('SECRET', 3), { output_password: 'x' });
    expect(linearizes(bytes)).toBe(true);
    expect(report).toMatchObject({ linearized: true, encrypted: true });
  });

  it('measures the linearized result for target_size', async () => {
    const document = pagesPdf('A', 3);
    const { bytes, report } = await compress(document, { target_size: 1000 });
    expect(bytes.length).toBeGreaterThan(1000);
    expect(report).toMatchObject({ linearized: true, target: { met: false }, output_bytes: bytes.length });
  });

  it('returns the file unchanged with dry_run', async () => {
    const document = pagesPdf('A', 3);
    const { bytes, report } = await compress(document, { dry_run: true });
    expect(bytes.equals(document)).toBe(true);
    expect(report.linearized).toBeUndefined();
  });

  it('keeps a signed file unchanged and says that it is not linearized', async () => {
    const document = pagesPdf('A', 1, {
      catalog: '/Perms << /UR3 20 0 R >>',
      objects: { 20: '<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 10 20 30] /Contents <00> >>' },
    });
    const { bytes, report } = await compress(document);
    expect(bytes.equals(document)).toBe(true);
    expect(report.notes).toContain('The result is not linearized. The signed file is unchanged.');
  });

  it('does not linearize a file that claims PDF/A-1, and says why', async () => {
    const { bytes, report } = await compress(claimingPdf({ part: 1 }));
    expect(linearizes(bytes)).toBe(false);
    expect(report.linearized).toBeUndefined();
    expect(report.notes).toContain(
      'The result is not linearized. The standard that it claims does not allow cross-reference streams.',
    );
  });

  it('linearizes a file that claims another part of PDF/A', async () => {
    const { bytes, report } = await compress(claimingPdf({ part: 4 }));
    expect(bytes.toString('latin1', 0, 8)).toBe('%PDF-2.0');
    expect(report.linearized).toBe(true);
  });
});
