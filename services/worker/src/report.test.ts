import { describe, expect, it } from '@jest/globals';
import { keepReport, MAX_STORED_BYTES, MAX_WEBHOOK_BYTES } from './report.js';

const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('keepReport', () => {
  const job = { callback_url: undefined };
  const written: string[] = [];
  const storage = {
    writeReport: (text: string) => {
      written.push(text);
      return Promise.resolve();
    },
  };
  const files = Array.from({ length: 500 }, (_none, index) => ({ index, name: 'a fairly ordinary name.pdf' }));

  it('keeps a short report in the record', async () => {
    expect(await keepReport(job, { pages: 1 }, storage)).toEqual({ report: { pages: 1 } });
    expect(written).toEqual([]);
  });

  it('writes a long one to a file, whole', async () => {
    const report = { files, unchanged: true };
    // A header of the result says whether the file is unchanged.
    expect(await keepReport(job, report, storage)).toEqual({ report: { unchanged: true }, report_stored: true });
    expect(written.map((text): unknown => JSON.parse(text))).toEqual([report]);
    expect(size({ files })).toBeLessThan(MAX_STORED_BYTES);
  });

  it('keeps no more flags in the record than fit', async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_none, index) => [`flag ${index}`, true]));
    expect(size(await keepReport(job, many, storage))).toBeLessThan(1_000);
  });

  it('keeps it in the record for a webhook, shortened', async () => {
    const kept = await keepReport({ ...job, callback_url: 'https://example.com' }, { files, more: files }, storage);
    expect(kept.report).toMatchObject({ shortened: true });
    expect(size(kept)).toBeLessThan(MAX_WEBHOOK_BYTES + 100);
  });
});
