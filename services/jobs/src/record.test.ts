import { describe, expect, it } from '@jest/globals';
import { JOB_SCHEMA, newJobFields, parseJobRecord } from './record.js';

/** A waiting job as its Redis hash has it: what `newJobFields` and the accept script write. */
function hash(): Record<string, string> {
  const fields = newJobFields({
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
  const pairs = Array.from({ length: fields.length / 2 }, (_, i) => [fields[2 * i], fields[2 * i + 1]]);
  const state = { status: 'queued', percent: '0', stage: 'queued', attempts: '0', interruptions: '0', fence: '0' };
  return { ...(Object.fromEntries(pairs) as Record<string, string>), ...state, created_at: '1' };
}

describe('the form of a record', () => {
  it('is told by what is written', () => {
    expect(hash().schema).toBe(String(JOB_SCHEMA));
    expect(parseJobRecord(hash()).schema).toBe(JOB_SCHEMA);
  });

  it('may be the one before: records of the release that wrote no number, nor what came with it', () => {
    const newer = ['schema', 'client', 'bytes', 'lane'];
    const before = Object.fromEntries(Object.entries(hash()).filter(([name]) => !newer.includes(name)));
    expect(parseJobRecord(before)).toMatchObject({ schema: 0, id: before.id, lane: 'small' });
  });

  it('may be the one after, whose new fields mean nothing here: a rollback meets such', () => {
    const record = parseJobRecord({ ...hash(), schema: String(JOB_SCHEMA + 1), novelty: '1' });
    expect(record).toMatchObject({ schema: JOB_SCHEMA + 1, status: 'queued' });
    expect(record).not.toHaveProperty('novelty');
  });

  it.each([JOB_SCHEMA - 2, JOB_SCHEMA + 2])('is refused where it is further away: %d', (schema) => {
    expect(() => parseJobRecord({ ...hash(), schema: String(schema) })).toThrow(/schema/);
  });
});
