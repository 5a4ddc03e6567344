import { costOf, laneOf, storedLane, unitsOf } from './lanes.js';
import { JOB_SCHEMA } from './record.js';
import type { JobRecord } from './record.js';

/** A job before the store adds its times and counters. */
export interface NewJob extends Pick<
  JobRecord,
  'id' | 'operation' | 'params' | 'inputs' | 'owner' | 'client' | 'output_name' | 'request_id' | 'retain'
> {
  readonly delete_after_read?: boolean;
  readonly has_secrets?: boolean;
  readonly inputs_sha256?: string | undefined;
  readonly callback_url?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** Maximum size of a job's parameters and inputs as JSON in UTF-8. Redis holds both until the job has ended. */
export const MAX_RECORD_BYTES = 98_304;

/** Returns the bytes that a job's parameters and its inputs take in the record. */
export function recordBytes({ params, inputs }: Pick<NewJob, 'params' | 'inputs'>) {
  return { params: Buffer.byteLength(JSON.stringify(params)), inputs: Buffer.byteLength(JSON.stringify(inputs)) };
}

/** Returns the total size of a new job's inputs and its cost in fair queueing. */
export function weigh({ inputs, params }: Pick<NewJob, 'params' | 'inputs'>) {
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  return { bytes, cost: costOf(inputs, unitsOf(inputs, params)) };
}

/** Returns the hash fields of a new job as name, value, … accept.lua adds status, counters and the creation time. */
export function encodeNewJob(job: NewJob): string[] {
  const fields: Record<string, string> = {
    schema: String(JOB_SCHEMA),
    id: job.id,
    operation: job.operation,
    params: JSON.stringify(job.params),
    inputs: JSON.stringify(job.inputs),
    owner: job.owner,
    client: job.client,
    bytes: String(weigh(job).bytes),
    input_count: String(job.inputs.length),
    lane: storedLane(laneOf(job.inputs, unitsOf(job.inputs, job.params))),
    output_name: job.output_name,
    request_id: job.request_id,
    retain: String(job.retain),
    ...(job.delete_after_read && { delete_after_read: '1' }),
    ...(job.has_secrets && { has_secrets: '1' }),
    ...(job.inputs_sha256 !== undefined && { inputs_sha256: job.inputs_sha256 }),
    ...(job.callback_url !== undefined && { callback_url: job.callback_url }),
    ...(job.traceparent !== undefined && { traceparent: job.traceparent }),
  };
  return Object.entries(fields).flat();
}
