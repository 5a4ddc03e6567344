import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import { JOB_STATUSES } from '@pdf-tools/jobs/record';
import { z } from 'zod';

/** A JSON Schema (2020-12), as OpenAPI 3.1 uses it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(ERROR_CODES) as [string, ...string[]]),
  request_id: z.string(),
  retryable: z.boolean().meta({ description: 'Whether the same request may succeed later' }),
  errors: z.array(
    z.object({
      file: z.string().optional().meta({ description: 'Name of the file' }),
      index: z.int().optional().meta({ description: 'Position of the file in the request, from 0' }),
      page: z.int().optional().meta({ description: 'Page of the file, from 1' }),
      param: z.string().optional().meta({ description: 'Name of the parameter, form field or header' }),
      limit: z.number().optional().meta({ description: 'Limit that was exceeded, in the unit that the message names' }),
      message: z.string(),
    }),
  ),
});

const time = z.iso.datetime();

const job = z.object({
  id: z.string(),
  operation: z.string(),
  status: z.enum(JOB_STATUSES),
  progress: z.object({ percent: z.int().min(0).max(100), stage: z.string() }),
  queue_position: z.int().nullable().meta({ description: 'Number of jobs that are queued before this one' }),
  attempts: z.int(),
  created_at: time,
  started_at: time.nullable(),
  finished_at: time.nullable(),
  expires_at: time.nullable(),
  result: z
    .object({
      url: z.string(),
      bytes: z.int(),
      media_type: z.string(),
      pages: z.int().optional().meta({ description: 'Of a PDF' }),
      sha256: z.string(),
      report: z.record(z.string(), z.unknown()).meta({ description: 'What the operation did' }),
    })
    .nullable(),
  error: problem.nullable(),
});

/** Schemas that several responses share. */
export const SHARED_SCHEMAS = { Problem: jsonSchema(problem), Job: jsonSchema(job) };

/** Returns a zod schema as JSON Schema of the parsed values. Forms carry all values as text. */
function jsonSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, { io: 'output' });
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== '$schema' && key !== '~standard'));
}

/** Returns the properties of a flat zod object, each with its default and description. */
export function properties(schema: z.ZodObject): Readonly<Record<string, JsonSchema>> {
  return (jsonSchema(schema).properties ?? {}) as Readonly<Record<string, JsonSchema>>;
}
