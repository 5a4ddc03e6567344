import { JOB_STATUSES } from '@pdf-tools/jobs/record';
import { resultsOf } from '@pdf-tools/operations/operation';
import type { Operation, Operations } from '@pdf-tools/operations/operation';
import { AppError, ERROR_CODES, toProblem } from '@pdf-tools/runtime/errors';
import { z } from 'zod';
import { REMEDIES } from './remedies.js';

/** A JSON Schema (2020-12), as OpenAPI 3.1 uses it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Id of the job in examples. */
export const EXAMPLE_ID = '3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8';

const problem = z
  .object({
    type: z.string().meta({ description: 'urn:pdf-tools:error: and the code' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong and what to do next, in English' }),
    code: z.enum(Object.keys(ERROR_CODES) as [string, ...string[]]),
    request_id: z.string(),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later' }),
    errors: z.array(
      z.object({
        file: z.string().optional().meta({ description: 'Name of the file' }),
        index: z.int().optional().meta({ description: 'Position of the file in the request, from 0' }),
        page: z.int().optional().meta({ description: 'Page of the file, from 1' }),
        param: z.string().optional().meta({ description: 'Name of the parameter, form field or header' }),
        limit: z
          .number()
          .optional()
          .meta({ description: 'Limit that was exceeded, in the unit that the message names' }),
        message: z.string(),
      }),
    ),
  })
  .meta({ examples: [toProblem(new AppError('no_files', REMEDIES.no_files), 'f3c1a4de')] });

const time = z.iso.datetime();

/** Returns the schema of a job of one operation. */
function jobOf(name: string, operation: Operation) {
  const [first = operation.result.report, ...others] = resultsOf(operation).map(({ report }) => report);
  return z
    .object({
      id: z.string().meta({ description: 'Part of the addresses of the job. Keep it secret' }),
      operation: z.literal(name),
      status: z.enum(JOB_STATUSES),
      progress: z.object({
        percent: z.int().min(0).max(100),
        stage: z.string().meta({ description: 'Name of the current step' }),
      }),
      queue_position: z.int().nullable().meta({ description: 'Number of jobs that are queued before this one' }),
      attempts: z
        .int()
        .meta({ description: 'Number of runs, without those that the server repeats after a fault of its own' }),
      created_at: time,
      started_at: time.nullable(),
      finished_at: time.nullable(),
      expires_at: time.nullable().meta({ description: 'When the result is deleted. null until the job ends' }),
      result: z
        .object({
          url: z.string().meta({ description: 'Path of the result on this server' }),
          bytes: z.int().meta({ description: 'Size of the result' }),
          media_type: z.string(),
          pages: z.int().optional().meta({ description: 'Of a PDF' }),
          sha256: z.string().meta({ description: 'SHA-256 of the bytes in hexadecimal form' }),
          report: (others.length > 0 ? z.union([first, ...others]) : first).meta({
            description: 'What the operation did',
          }),
        })
        .nullable()
        .meta({ description: 'null until the job succeeds' }),
      error: problem.nullable().meta({ description: 'null unless the job fails' }),
    })
    .meta({ examples: [queuedExample(name), finishedExample(name, operation)] });
}

/** An example of a job that has just been accepted. */
export function queuedExample(operation: string) {
  return {
    id: EXAMPLE_ID,
    operation,
    status: 'queued',
    progress: { percent: 0, stage: 'queued' },
    queue_position: 2,
    attempts: 0,
    created_at: '2026-01-31T12:00:00.000Z',
    started_at: null,
    finished_at: null,
    expires_at: null,
    result: null,
    error: null,
  };
}

/** An example of a job that has succeeded. */
export function finishedExample(name: string, { result }: Pick<Operation, 'result'>) {
  return {
    ...queuedExample(name),
    status: 'succeeded',
    progress: { percent: 100, stage: 'done' },
    queue_position: null,
    attempts: 1,
    started_at: '2026-01-31T12:00:00.020Z',
    finished_at: '2026-01-31T12:00:01.250Z',
    expires_at: '2026-01-31T13:00:01.250Z',
    result: {
      url: `/api/jobs/${EXAMPLE_ID}/result`,
      bytes: 120_456,
      media_type: result.format.mediaType,
      pages: 1,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      report: exampleOf(result.report),
    },
  };
}

function exampleOf(schema: z.ZodObject): unknown {
  const { examples } = schema.meta() ?? {};
  return Array.isArray(examples) ? examples[0] : {};
}

/** Returns the schemas that responses share, by name. Each operation has its own job and reports. */
export function sharedSchemas(operations: Operations): Readonly<Record<string, JsonSchema>> {
  const schemas = new Map<z.core.$ZodType, string>([[problem, 'Problem']]);
  for (const [name, operation] of Object.entries(operations)) {
    for (const [index, { report }] of resultsOf(operation).entries())
      if (!schemas.has(report)) schemas.set(report, `${pascalCase(name)}${index === 0 ? '' : 'Archive'}Report`);
    schemas.set(jobOf(name, operation), jobName(name));
  }
  const own = [...schemas].map(([schema, name]) => [name, referringTo(schemas, schema)] as const);
  const names = Object.keys(operations);
  return { ...Object.fromEntries(own), Job: anyJob(names), Webhook: webhook(operations), ...STATUS_SCHEMAS };
}

/** Returns the members that the job of each operation has. */
export function jobSchema(operations: Operations): JsonSchema {
  const schemas = sharedSchemas(operations);
  const [name = '', ...others] = Object.keys(operations);
  const members = schemas[jobName(name)]?.properties;
  return { properties: { ...(typeof members === 'object' && members), operation: { enum: [name, ...others] } } };
}

/** Returns a schema whose parts refer to the named schemas. */
function referringTo(names: ReadonlyMap<z.core.$ZodType, string>, schema: z.core.$ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const name = names.get(zodSchema);
      if (name === undefined || zodSchema === schema) return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      jsonSchema.$ref = `#/components/schemas/${name}`;
    },
  });
  return withoutIds(json);
}

/** The body of a webhook. */
function webhook(operations: Operations): JsonSchema {
  const timestamp = '2026-01-31T12:00:01.250Z';
  return {
    type: 'object',
    properties: {
      type: { const: 'job.finished' },
      timestamp: { type: 'string', format: 'date-time', description: 'When the job ended' },
      data: { $ref: '#/components/schemas/Job' },
    },
    required: ['type', 'timestamp', 'data'],
    examples: Object.entries(operations)
      .slice(0, 1)
      .map(([name, operation]) => ({ type: 'job.finished', timestamp, data: finishedExample(name, operation) })),
  };
}

/** Any job. Its operation decides on the type of its report. */
function anyJob(names: readonly string[]): JsonSchema {
  const refs = names.map((name) => [name, `#/components/schemas/${jobName(name)}`] as const);
  return {
    oneOf: refs.map(([, $ref]) => ({ $ref })),
    discriminator: { propertyName: 'operation', mapping: Object.fromEntries(refs) },
    examples: names.slice(0, 1).map(queuedExample),
  };
}

/** Returns the name of the schema of an operation's job. */
export function jobName(operation: string): string {
  return `${pascalCase(operation)}Job`;
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

const limit = z.int().meta({ description: '0 without a limit' });

const LIMITS_EXAMPLE = {
  max_upload_bytes: 52_428_800,
  max_retain_seconds: 3_600,
  sync_wait_seconds: 110,
  max_queued_jobs: 1_000,
  max_queued_bytes: 10_737_418_240,
  max_queued_jobs_per_client: 100,
  max_queued_bytes_per_client: 1_073_741_824,
  max_record_bytes: 262_144,
  max_field_bytes: 65_536,
  max_file_name_characters: 120,
  rate: { calls: 40, seconds: 2 },
  operations: {},
};

const STATUS_SCHEMAS = {
  Health: described({ status: z.enum(['healthy', 'unhealthy']) }, { status: 'healthy' }),
  Live: described({ status: z.literal('live') }, { status: 'live' }),
  Readiness: described(
    {
      status: z.enum(['ready', 'unready']),
      redis: z.boolean(),
      redis_memory: z.boolean(),
      disk: z.boolean(),
      storage: z.boolean(),
      workers: z.boolean(),
      stopping: z.boolean(),
    },
    { status: 'ready', redis: true, redis_memory: true, disk: true, storage: true, workers: true, stopping: false },
  ),
  Version: described(
    {
      version: z.string(),
      revision: z.string(),
      node: z.string(),
      sandbox: z.string().nullable().meta({ description: 'Sandbox of the workers. null if no worker runs' }),
    },
    { version: '1.0.0', revision: 'unknown', node: '24.0.0', sandbox: 'landlock' },
  ),
  Limits: described(
    {
      max_upload_bytes: z.int().meta({ description: 'Of all files of a request together' }),
      max_retain_seconds: z.int(),
      sync_wait_seconds: z.int().meta({ description: 'Longest wait for a result before the job is sent instead' }),
      max_queued_jobs: limit,
      max_queued_bytes: limit,
      max_queued_jobs_per_client: limit,
      max_queued_bytes_per_client: limit,
      max_record_bytes: z.int().meta({ description: 'Of the parameters and file names of a job as JSON' }),
      max_field_bytes: z.int(),
      max_file_name_characters: z.int(),
      rate: z.object({ calls: z.int(), seconds: z.int() }).nullable().meta({ description: 'null without a limit' }),
      operations: z.record(
        z.string(),
        z.object({
          field: z.enum(['files', 'file']),
          fields: z.array(z.string()),
          max_files: z.int(),
          max_lengths: z.record(z.string(), z.int()).meta({ description: 'Maximum lengths of texts and lists' }),
          formats: z.array(z.string()).meta({ description: 'Media types' }),
        }),
      ),
    },
    LIMITS_EXAMPLE,
  ),
};

function described(shape: z.ZodRawShape, example: unknown): JsonSchema {
  return withoutIds(z.toJSONSchema(z.object(shape).meta({ examples: [example] }), { io: 'input' }));
}

function withoutIds(schema: JsonSchema): JsonSchema {
  const dropped = ['$schema', '~standard'];
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !dropped.includes(key)));
}

/**
 * Returns the properties of a flat zod object, each with its default and description. They describe parsed values, since forms
 * carry all values as text. A member with a default is not required.
 */
export function properties(schema: z.ZodObject): Readonly<Record<string, JsonSchema>> {
  const { properties: all = {} } = z.toJSONSchema(schema, {
    io: 'output',
    override: ({ jsonSchema }) => {
      // It is not a keyword of JSON Schema. `format` says that it is a password.
      delete jsonSchema.secret;
      const { required, properties: members = {} } = jsonSchema;
      if (!required) return;
      const left = required.filter((name) => !hasDefault(members[name]));
      if (left.length > 0) jsonSchema.required = left;
      else delete jsonSchema.required;
    },
  });
  return all as Readonly<Record<string, JsonSchema>>;
}

function hasDefault(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'default' in schema;
}
