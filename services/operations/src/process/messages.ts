import { z } from 'zod';
import { isErrorCode } from '@pdf-tools/runtime/errors';
import type { ErrorCode, ErrorRecord } from '@pdf-tools/runtime/errors';
import type { InputFile, JsonObject } from '../operation.js';
import type { OperationName } from '../registry.js';
import { ProtocolError } from './framing.js';

/** Maximum size of a frame from a child in bytes. */
export const MAX_FRAME_BYTES = 2 ** 20;
/** Maximum number of bytes that a child may send during one task, all frames together. */
export const MAX_TASK_BYTES = 4 * MAX_FRAME_BYTES;
/** Maximum size of an error as JSON in UTF-8. Redis holds it as long as the job. */
export const MAX_ERROR_BYTES = 65_536;
/** Maximum length of the text for the log that says what caused an error. */
export const MAX_CAUSE_CHARACTERS = 16_000;
/** More pages than a result can have. Fair queueing adds the pages to a client's tag, which loses precision if it is huge. */
const MAX_PAGES = 10_000_000;
/** Maximum nesting of a report. */
const MAX_DEPTH = 64;

/** What a child process needs to run an operation once. */
export interface Task {
  readonly operation: OperationName;
  readonly params: unknown;
  readonly inputs: readonly InputFile[];
  /** Folder for intermediate files, which only this task uses. */
  readonly workDir: string;
  readonly outputPath: string;
  /** Whether to measure the peak of resident memory. */
  readonly measuresMemory?: boolean;
}

export type ToChild =
  | { readonly type: 'run'; readonly task: Task }
  | { readonly type: 'abort' }
  /** Reply to `repair`, which says whether the repaired copy of the input exists. */
  | { readonly type: 'repaired'; readonly input: number; readonly ok: boolean };

const positive = z.number().nonnegative();
const output = z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const usage = z.strictObject({ ms: positive, cpu_ms: positive, peak_memory_bytes: z.int().nonnegative().nullable() });
const errorItem = z.strictObject({
  file: z.string().exactOptional(),
  index: z.int().nonnegative().exactOptional(),
  page: z.int().exactOptional(),
  param: z.string().exactOptional(),
  message: z.string(),
});
const errorRecord: z.ZodType<ErrorRecord> = z
  .strictObject({
    code: z.custom<ErrorCode>((code) => typeof code === 'string' && isErrorCode(code)),
    detail: z.string(),
    errors: z.array(errorItem).exactOptional(),
  })
  .refine((error) => Buffer.byteLength(JSON.stringify(error)) <= MAX_ERROR_BYTES);
const report = z.custom<JsonObject>((value) => isObject(value) && isWithinDepth(value, MAX_DEPTH));

/** All that a child may say. A compromised child can send anything, so that the parent checks every message. */
const fromChild = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('progress'),
    percent: z.number().min(0).max(100),
    stage: z.string().max(100),
  }),
  /** Asks the parent to repair the input at this position, counted from 0. */
  z.strictObject({ type: z.literal('repair'), input: z.int().nonnegative() }),
  z.strictObject({
    type: z.literal('done'),
    result: z.strictObject({ pages: z.int().nonnegative().max(MAX_PAGES).optional(), report }),
    output,
    usage,
  }),
  /** `cause` is for the log only. */
  z.strictObject({
    type: z.literal('failed'),
    error: errorRecord,
    cause: z.string().max(MAX_CAUSE_CHARACTERS).exactOptional(),
    usage,
  }),
]);

export type FromChild = z.output<typeof fromChild>;
/** Size in bytes and SHA-256 of the file that a child wrote. */
export type Output = z.output<typeof output>;
/**
 * Cost of a task, as wall-clock and processor time in ms, and the peak of resident memory in bytes if it was measured.
 */
export type Usage = z.output<typeof usage>;

/** Returns a message from a child. Throws `ProtocolError` for anything else. */
export function parseFromChild(message: unknown): FromChild {
  const parsed = fromChild.safeParse(message);
  if (!parsed.success) throw new ProtocolError('an unknown message', { cause: parsed.error });
  return parsed.data;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value's objects and arrays are nested in at most `depth` levels. */
function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isWithinDepth(member, depth - 1));
}
