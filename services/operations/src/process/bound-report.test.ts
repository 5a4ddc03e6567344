import { describe, expect, it } from '@jest/globals';
import { boundReport } from './bound-report.js';

const MAX_BYTES = 32_768;
const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('boundReport', () => {
  it('returns a report that fits unchanged', () => {
    const report = { pages: 3, files: [{ index: 0, name: 'a.pdf' }] };
    expect(boundReport(report, MAX_BYTES)).toEqual(report);
  });

  it('cuts long texts first and keeps every entry', () => {
    const files = Array.from({ length: 100 }, (_none, index) => ({ index, name: 'n'.repeat(500) }));
    const bounded = boundReport({ files, pages: 100 }, MAX_BYTES);
    expect(bounded).toMatchObject({ pages: 100, shortened: true });
    expect(bounded.files).toHaveLength(100);
    expect(size(bounded)).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('keeps the first entries of a list that is too long', () => {
    const files = Array.from({ length: 2_000 }, (_none, index) => ({ index, name: 'a fairly ordinary name.pdf' }));
    const bounded = boundReport({ files }, MAX_BYTES);
    expect(bounded.files).toEqual(files.slice(0, 500));
  });

  it('cuts the names of members of any length', () => {
    const renamed = Object.fromEntries(Array.from({ length: 100 }, (_none, i) => [`${i}${'x'.repeat(100_000)}`, 'y']));
    const bounded = boundReport({ pages: 1, files: [{ renamed: { fields: renamed } }] }, MAX_BYTES);
    expect(bounded).toMatchObject({ pages: 1, shortened: true });
    expect(size(bounded)).toBeLessThanOrEqual(MAX_BYTES);
  });
});
