import { z } from 'zod';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import { STORED_LANES, laneOfStored } from './lanes.js';
import type { ErrorCode, ErrorRecord } from '@pdf-tools/runtime/errors';

/**
 * Version of the records that this release writes; records without a number are version 0. During an update or a rollback
 * two releases share one store, so each reads the version before its own and the one after. A new version may add fields
 * with defaults. Any other change takes two releases, one that reads it and then one that writes it.
 */
export const JOB_SCHEMA = 1;

export const JOB_STATUSES = ['queued', 'active', 'succeeded', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Whether a job has ended. After that its record changes only by being deleted or requeued. */
export function isFinished(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

const jsonObject = z.record(z.string(), z.unknown());

/** One uploaded file. Its bytes are stored in `uploads/<job>/<position>`. */
const inputSchema = z.object({
  /** Cleaned for display. */
  name: z.string(),
  bytes: z.int(),
  format: z.string(),
  /** Size of an image that will be decoded, as its header claims. */
  pixels: z.int().optional(),
  /** Page count that a document claims in its first bytes. */
  pages: z.int().optional(),
});
export type JobInput = z.output<typeof inputSchema>;

const resultSchema = z.object({
  /** Fence of the run whose folder holds the bytes as `temp/<job>/<fence>/out.pdf`. */
  fence: z.int(),
  bytes: z.int(),
  /** Of a PDF. */
  pages: z.int().optional(),
  media_type: z.string().optional(),
  sha256: z.string(),
  report: jsonObject,
  /** The report is too long for Redis. It is stored in a file beside the result, and `report` is empty. */
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
        limit: z.number().optional(),
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
const flag = z
  .literal('1')
  .optional()
  .transform((value) => value === '1');

/** A job as its Redis hash stores it, with a string in every field. Times are milliseconds since the epoch on Redis's clock. */
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
  /** Identity of the API key that may see the job. Empty for a keyless job, which anyone with its id may see. */
  owner: z.string(),
  /** Client in fair queueing, which is a hash of the API key or address. */
  client: z.string().default(''),
  /** Total size of the inputs. */
  bytes: count.default(0),
  /** Digest of the digests of the inputs, if they are in an object storage. */
  inputs_sha256: z.string().optional(),
  /** Number of inputs, which remains when their list is dropped at the end. Records of an earlier release lack it. */
  input_count: count.optional(),
  /** The parameters and inputs are dropped, because the job has ended and cannot be requeued. */
  shrunk: flag,
  lane: z.enum(STORED_LANES).default('small'),
  /** File name offered with the result. */
  output_name: z.string(),
  request_id: z.string(),
  /** Span of the request that made the job, if requests are traced (W3C Trace Context). */
  traceparent: z.string().optional(),
  /** Seconds that the files are kept after the end. */
  retain: count,
  /** The api deletes the job once a client has read the whole result. */
  delete_after_read: flag,
  /** Some parameters are secret and stored in a file beside the inputs. */
  has_secrets: flag,
  /** Address that the finished job is posted to. It is a secret of its client, so only its host is shown or logged. */
  callback_url: z.string().optional(),
  status: z.enum(JOB_STATUSES),
  percent: count,
  stage: z.string(),
  /** Worker that holds the lease. */
  worker: z.string().optional(),
  /** Number of runs, without those that stalled, were deferred or were handed back. */
  attempts: count,
  /** `stalledCount` of the record, which is how often a lease ran out because the worker or its host died. */
  interruptions: count,
  /** `deferrals` of the record, which is how often the job was deferred after a fault of its host, such as a full disk. */
  setbacks: count.default(0),
  /** Number of the current or last run. Only the holder of the current fence may change the job. */
  fence: count,
  /** Number of changes so far. Each published change has its own. */
  version: count.default(0),
  created_at: count,
  started_at: count.optional(),
  finished_at: count.optional(),
  expires_at: count.optional(),
  result: fromJson(resultSchema).optional(),
  error: fromJson(errorSchema).optional(),
});

const recordSchema = hashSchema.transform(({ interruptions, setbacks, lane, ...same }) => ({
  ...same,
  stalledCount: interruptions,
  deferrals: setbacks,
  lane: laneOfStored(lane),
}));
export type JobRecord = z.output<typeof recordSchema>;

/** Reads a record from its Redis hash. Throws a ZodError for a hash that this release does not understand. */
export function decodeRecord(hash: Readonly<Record<string, string>>): JobRecord {
  return recordSchema.parse(hash);
}

/** Turns a reply that lists names and values alternately into a hash. */
export function hashOf(pairs: readonly string[]): Record<string, string> {
  const hash: Record<string, string> = {};
  for (let i = 0; i + 1 < pairs.length; i += 2) hash[pairs[i] ?? ''] = pairs[i + 1] ?? '';
  return hash;
}

const summaryFields = hashSchema.pick({
  ...{ id: true, operation: true, status: true, stage: true, percent: true, attempts: true, interruptions: true },
  ...{ worker: true, owner: true, request_id: true, inputs: true, input_count: true, shrunk: true },
  ...{ created_at: true, started_at: true, finished_at: true, expires_at: true },
});
const summarySchema = summaryFields.extend({
  // After a rollback a record may have an error code that only the newer release knows.
  error: fromJson(z.object({ code: z.string(), detail: z.string() })).optional(),
});

/** Fields of the hash that a summary is made of. They leave out the parameters, which can be large or private. */
export const SUMMARY_FIELDS = Object.keys(summarySchema.shape) as readonly (keyof typeof summarySchema.shape)[];

/** Reads a summary from the values of `SUMMARY_FIELDS`, null if a field is missing. Undefined if there is no record. */
export function decodeSummary(values: readonly (string | null)[]): JobSummary | undefined {
  const entries = SUMMARY_FIELDS.map((field, i): [string, string | undefined] => [field, values[i] ?? undefined]);
  const hash = Object.fromEntries(entries);
  return hash.id === undefined ? undefined : viewSummary(summarySchema.parse(hash));
}

function viewSummary({ inputs, input_count, ...job }: z.output<typeof summarySchema>) {
  return {
    id: job.id,
    operation: job.operation,
    status: job.status,
    stage: job.stage,
    percent: job.percent,
    attempts: job.attempts,
    stalledCount: job.interruptions,
    worker: job.worker,
    owner: job.owner,
    requestId: job.request_id,
    inputs: { files: input_count ?? inputs.length, bytes: inputs.reduce((sum, { bytes }) => sum + bytes, 0) },
    shrunk: job.shrunk,
    createdAt: job.created_at,
    startedAt: job.started_at,
    finishedAt: job.finished_at,
    expiresAt: job.expires_at,
    error: job.error,
  };
}

/** A job in an operator's list, without parameters and file names. Times are milliseconds since the epoch. */
export type JobSummary = Readonly<ReturnType<typeof viewSummary>>;

const tombstoneSchema = fromJson(z.object({ owner: z.string(), expires_at: z.number() }));

/** What remains of an expired job. */
export interface Tombstone {
  readonly owner: string;
  readonly expiresAt: number;
}

/** Reads a tombstone from its JSON. */
export function decodeTombstone(text: string): Tombstone {
  const { owner, expires_at } = tombstoneSchema.parse(text);
  return { owner, expiresAt: expires_at };
}
