import { describe, expect, it } from '@jest/globals';
import { encodeNewJob } from './new-job.js';
import { JOB_SCHEMA, SUMMARY_FIELDS, decodeRecord, decodeSummary, hashOf } from './record.js';

/** The Redis hash of a queued job, as `encodeNewJob` and accept.lua write it. */
function hash(): Record<string, string> {
  const fields = encodeNewJob({
    id: 'a'.repeat(40),
    operation: 'merge-pdf',
    params: {},
    inputs: [{ name: 'a.pdf', bytes: 5, format: 'pdf' }],
    owner: '',
    client: 'c',
    output_name: 'merged.pdf',
    request_id: 'r',
    retain: 3_600,
  });
  const state = { status: 'queued', percent: '0', stage: 'queued', attempts: '0', interruptions: '0', fence: '0' };
  return { ...hashOf(fields), ...state, created_at: '1' };
}

describe('the version of a record', () => {
  it('is stored with the record', () => {
    expect(hash().schema).toBe(String(JOB_SCHEMA));
    expect(decodeRecord(hash()).schema).toBe(JOB_SCHEMA);
  });

  it('may be the previous one, which has no number and lacks the newer fields', () => {
    const newer = ['schema', 'client', 'bytes', 'lane'];
    const before = Object.fromEntries(Object.entries(hash()).filter(([name]) => !newer.includes(name)));
    expect(decodeRecord(before)).toMatchObject({ schema: 0, id: before.id, lane: 'small' });
  });

  it('may be the next one, whose new fields are ignored after a rollback', () => {
    const record = decodeRecord({ ...hash(), schema: String(JOB_SCHEMA + 1), novelty: '1' });
    expect(record).toMatchObject({ schema: JOB_SCHEMA + 1, status: 'queued' });
    expect(record).not.toHaveProperty('novelty');
  });

  it.each([JOB_SCHEMA - 2, JOB_SCHEMA + 2])('is refused if it is not adjacent: %d', (schema) => {
    expect(() => decodeRecord({ ...hash(), schema: String(schema) })).toThrow(/schema/);
  });
});

describe('decodeRecord', () => {
  it('reads the fields that Redis stores under earlier names', () => {
    const record = decodeRecord({ ...hash(), interruptions: '2', setbacks: '3', lane: 'giant' });
    expect(record).toMatchObject({ stalledCount: 2, deferrals: 3, lane: 'xlarge' });
    expect(record).not.toHaveProperty('interruptions');
  });
});

describe('decodeSummary', () => {
  const summaryOf = (fields: Readonly<Record<string, string>>) =>
    decodeSummary(SUMMARY_FIELDS.map((name) => fields[name] ?? null));

  it('agrees with the record, and reads neither parameters nor output names', () => {
    const { inputs, request_id, created_at, ...record } = decodeRecord(hash());
    const { operation, status, attempts, stalledCount, owner } = record;
    expect(summaryOf(hash())).toEqual({
      ...{
        id: record.id,
        operation,
        status,
        stage: 'queued',
        percent: 0,
        attempts,
        stalledCount,
        owner,
        shrunk: false,
      },
      ...{ requestId: request_id, inputs: { files: inputs.length, bytes: 5 }, createdAt: created_at },
    });
    expect(SUMMARY_FIELDS).not.toContain('params');
    expect(SUMMARY_FIELDS).not.toContain('output_name');
  });

  it('accepts an error code that only a newer release knows', () => {
    const error = { code: 'from_the_future', detail: 'new' };
    expect(summaryOf({ ...hash(), status: 'failed', error: JSON.stringify(error) })).toMatchObject({ error });
  });

  it('returns undefined if the record is gone', () => {
    expect(summaryOf({})).toBeUndefined();
  });
});
