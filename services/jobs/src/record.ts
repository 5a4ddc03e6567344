import { z } from 'zod';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import { LANES, costOf, laneOf, unitsOf } from './lanes.js';
import type { ErrorCode, ErrorRecord } from '@pdf-tools/runtime/errors';

/**
 * The form of the records that this version writes; 0 is that of records without a number. An update and its rollback
 * have two versions at one store, so each reads the form before its own and the one after: a new form may add fields with
 * defaults. Whatever else changes takes two releases, one that reads it and one that writes it.
 */
export const JOB_SCHEMA = 1;

export const JOB_STATUSES = ['queued', 'active', 'succeeded', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** True once a job has ended: from then on its record changes only by being deleted. */
export function isFinished(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

const jsonObject = z.record(z.string(), z.unknown());

/**
 * One uploaded file; its bytes lie in `uploads/<job>/<position>`. `name` is cleaned for display, `pixels` is what a
 * picture that will be decoded claims to have, `pages` what a document claims in its first bytes.
 */
const inputSchema = z.object({
  name: z.string(),
  bytes: z.int(),
  format: z.string(),
  pixels: z.int().optional(),
  pages: z.int().optional(),
});
export type JobInput = z.output<typeof inputSchema>;

const resultSchema = z.object({
  /** Run number whose folder holds the bytes: `temp/<job>/<fence>/out.pdf`. */
  fence: z.int(),
  bytes: z.int(),
  /** Of a PDF. */
  pages: z.int().optional(),
  media_type: z.string().optional(),
  sha256: z.string(),
  report: jsonObject,
  /** The report is in a file beside the result, since it is too long for Redis; `report` is empty. */
  report_stored: z.literal(true).optional(),
});
export type JobResult = z.output<typeof resultSchema>;

/** Returns the media type of a result. Earlier releases made only PDFs and did not record it. */
export function mediaTypeOf({ media_type = 'application/pdf' }: Pick<JobResult, 'media_type'>): string {
  return media_type;
}

const errorSchema = z.object({
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  detail: z.string(),
  errors: z
    .array(
      z.object({
        file: z.string().optional(),
        index: z.int().optional(),
        page: z.int().optional(),
        param: z.string().optional(),
        message: z.string(),
      }),
    )
    .optional(),
}) as unknown as z.ZodType<ErrorRecord>;

const fromJson = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
const count = z.coerce.number().pipe(z.int());

/** A job as its Redis hash spells it: every field is a string. Times are milliseconds since the epoch, Redis's clock. */
const hashSchema = z.object({
  schema: count.default(0).pipe(
    z
      .int()
      .min(JOB_SCHEMA - 1)
      .max(JOB_SCHEMA + 1),
  ),
  id: z.string(),
  operation: z.string(),
  params: fromJson(jsonObject),
  inputs: fromJson(z.array(inputSchema)),
  /** Identity of the API key that may see the job; empty for a keyless job, which belongs to whoever holds its id. */
  owner: z.string(),
  /** Who the job is counted for when turns are taken: a hash of API key or address. */
  client: z.string().default(''),
  /** Size of all inputs together. */
  bytes: count.default(0),
  /** Number of inputs; the list of them is dropped when the job ends. Records of an earlier release lack it. */
  input_count: count.optional(),
  /** The parameters and inputs are dropped: the job has ended and cannot be requeued. */
  shrunk: z
    .literal('1')
    .optional()
    .transform((flag) => flag === '1'),
  lane: z.enum(LANES).default('small'),
  /** File name offered with the result. */
  output_name: z.string(),
  request_id: z.string(),
  /** The span of the call that made it, where calls are traced (W3C Trace Context). */
  traceparent: z.string().optional(),
  /** Seconds the files are kept after the end. */
  retain: count,
  /** The api deletes the job once a client has read the whole result. */
  delete_after_read: z
    .literal('1')
    .optional()
    .transform((flag) => flag === '1'),
  /** Some of its parameters are secret and lie in a file beside its inputs. */
  has_secrets: z
    .literal('1')
    .optional()
    .transform((flag) => flag === '1'),
  /** Where the finished job is posted to. A secret of its client: it is neither shown nor logged beyond its host. */
  callback_url: z.string().optional(),
  status: z.enum(JOB_STATUSES),
  percent: count,
  stage: z.string(),
  /** How often work on it was begun, without the runs that an outside fault or an orderly stop ended. */
  attempts: count,
  /** How often a lease ran out because a worker or its host died. */
  interruptions: count,
  /** How often it was put off because of a fault of its host, such as a full disk. */
  setbacks: count.default(0),
  /** Number of the current or last run: only its holder may change the job. */
  fence: count,
  /** Number of changes so far, the acceptance included: each published change has its own. */
  version: count.default(0),
  created_at: count,
  started_at: count.optional(),
  finished_at: count.optional(),
  expires_at: count.optional(),
  result: fromJson(resultSchema).optional(),
  error: fromJson(errorSchema).optional(),
});

export type JobRecord = z.output<typeof hashSchema>;

/** What is known of a job before the store gives it its times and counters. */
export interface NewJob extends Pick<
  JobRecord,
  'id' | 'operation' | 'params' | 'inputs' | 'owner' | 'client' | 'output_name' | 'request_id' | 'retain'
> {
  readonly id: string;
  readonly delete_after_read?: boolean;
  readonly has_secrets?: boolean;
  readonly callback_url?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** Reads a record from its Redis hash. Throws a ZodError on a hash this version does not understand. */
export function parseJobRecord(hash: Readonly<Record<string, string>>): JobRecord {
  return hashSchema.parse(hash);
}

/** Most bytes of a job's parameters and inputs as JSON in UTF-8. Both lie in Redis until the job has ended. */
export const MAX_RECORD_BYTES = 98_304;

/** Bytes of a job's parameters and of its inputs in its record. */
export function recordBytes({ params, inputs }: Pick<NewJob, 'params' | 'inputs'>) {
  return { params: Buffer.byteLength(JSON.stringify(params)), inputs: Buffer.byteLength(JSON.stringify(inputs)) };
}

/** What a new job counts for in the queue: bytes of its inputs, and its cost when turns are taken. */
export function weigh({ inputs, params }: Pick<NewJob, 'params' | 'inputs'>) {
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  return { bytes, cost: costOf(inputs, unitsOf(inputs, params)) };
}

/** The hash fields that a new job starts with; the accept script adds status, counters and the creation time. */
export function newJobFields(job: NewJob): string[] {
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
    lane: laneOf(job.inputs, unitsOf(job.inputs, job.params)),
    output_name: job.output_name,
    request_id: job.request_id,
    retain: String(job.retain),
    ...(job.delete_after_read && { delete_after_read: '1' }),
    ...(job.has_secrets && { has_secrets: '1' }),
    ...(job.callback_url !== undefined && { callback_url: job.callback_url }),
    ...(job.traceparent !== undefined && { traceparent: job.traceparent }),
  };
  return Object.entries(fields).flat();
}
