import { FORMATS } from '@pdf-tools/operations/formats';
import { fieldsOf, resultsOf } from '@pdf-tools/operations/operation';
import type { Operation, Operations } from '@pdf-tools/operations/operation';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import type { RequestHandler } from 'express';
import type { z } from 'zod';
import { cacheByOrigin, originOf } from '../http/origin.js';
import { properties, SHARED_SCHEMAS } from './schemas.js';
import type { JsonSchema } from './schemas.js';
import { WEBHOOKS } from './webhooks.js';

type Responses = Readonly<Record<string, unknown>>;

interface DocumentOptions {
  readonly version: string;
  /** Options that every operation takes. */
  readonly options: z.ZodObject;
}

/** Serves the description, whose server is the origin of the request. */
export function openApiRoute(
  operations: Operations,
  { maxAgeSeconds, ...options }: DocumentOptions & { readonly maxAgeSeconds: number },
): RequestHandler {
  const document = openApiDocument(operations, options);
  return (req, res) => {
    cacheByOrigin(res, maxAgeSeconds);
    res.json({ ...document, servers: [{ url: originOf(req) ?? '/' }] });
  };
}

/** Returns the OpenAPI 3.1 description of the API, derived from the operation registry. */
export function openApiDocument(operations: Operations, { version, options }: DocumentOptions) {
  const posts = Object.entries(operations).map(
    ([name, operation]) => [`/api/${name}`, { post: describeOperation(name, operation, options) }] as const,
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'PDF Tools',
      version,
      description: 'Converts images to PDF, merges PDFs and compresses PDFs, in the request or as background jobs.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{}, { bearer: [] }, { apiKey: [] }],
    paths: { ...Object.fromEntries(posts), ...jobPaths(fileContent(Object.values(operations))), ...STATUS_PATHS },
    webhooks: WEBHOOKS,
    components: {
      schemas: SHARED_SCHEMAS,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
}

function describeOperation(name: string, operation: Operation, options: z.ZodObject) {
  const callOptions = properties(options);
  return {
    operationId: name,
    tags: ['operations'],
    summary: operation.title,
    description: operation.summary,
    parameters: [
      ...Object.entries(callOptions).map(([option, schema]) => ({
        name: option,
        in: 'query',
        schema,
        ...describe(schema),
      })),
      {
        name: 'Prefer',
        in: 'header',
        description: 'respond-async, or wait=SECONDS (RFC 7240)',
        schema: { type: 'string' },
      },
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'A request with the same key, parameters and files gets the job of the first one',
        schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
      },
    ],
    requestBody: { required: true, content: { 'multipart/form-data': { schema: formSchema(operation, callOptions) } } },
    responses: {
      200: {
        description: `The ${labelsOf(operation)}`,
        headers: resultHeaders(operation),
        content: fileContent([operation]),
      },
      202: {
        description: 'The job. The client asked for it, or the result was not ready in time',
        headers: { Location: header('URL of the job'), ...REPLAYED },
        content: json('Job'),
      },
      ...problems(operationErrors()),
    },
  };
}

function formSchema({ accepts, params }: Operation, callOptions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const labels = accepts.formats.map((format) => FORMATS[format].label).join(', ');
  const file = { type: 'string', contentMediaType: 'application/octet-stream' };
  const one = { ...file, description: `One file: ${labels}` };
  const several = {
    type: 'array',
    items: file,
    minItems: 1,
    maxItems: accepts.maxFiles,
    description: `In order: ${labels}`,
  };
  const fields = fieldsOf(accepts);
  const files = Object.fromEntries(fields.map((field) => [field, field === 'file' ? one : several]));
  return {
    type: 'object',
    properties: { ...files, ...properties(params), ...callOptions },
    ...(fields.length === 1 ? { required: fields } : { anyOf: fields.map((field) => ({ required: [field] })) }),
    additionalProperties: false,
  };
}

/** The names of the formats that an operation answers with. */
function labelsOf(operation: Operation): string {
  const [usual, ...others] = resultsOf(operation).map(({ format }) => format.label);
  return [usual, ...others.map((label) => `or a ${label} for several files`)].join(', ');
}

const ID = { name: 'id', in: 'path', required: true, description: 'Id of the job', schema: { type: 'string' } };

const jobPaths = (files: Responses) => ({
  '/api/jobs/{id}': {
    parameters: [ID],
    get: {
      operationId: 'get-job',
      tags: ['jobs'],
      summary: 'Get the current state of a job',
      responses: { 200: { description: 'The job', content: json('Job') }, ...problems(jobErrors()) },
    },
    delete: {
      operationId: 'delete-job',
      tags: ['jobs'],
      summary: 'Cancel an unfinished job or delete a finished one',
      responses: {
        204: { description: 'Done, or there is no such job' },
        ...problems(['unauthorized', 'rate_limited', 'redis_unavailable']),
      },
    },
  },
  '/api/jobs/{id}/result': {
    parameters: [ID],
    get: {
      operationId: 'get-result',
      tags: ['jobs'],
      summary: 'Download the result of a job',
      description: 'For a failed job the response is the problem of the job.',
      responses: {
        200: { description: 'The file', content: files },
        206: { description: 'A range of the file', content: files },
        304: { description: 'Not modified' },
        ...problems([...jobErrors(), 'job_unfinished', 'job_cancelled', 'range_not_satisfiable', 'overloaded']),
        default: { description: 'The problem of the failed job', content: problemContent() },
      },
    },
  },
  '/api/jobs/{id}/events': {
    parameters: [ID],
    get: {
      operationId: 'get-events',
      tags: ['jobs'],
      summary: 'Follow a job with server-sent events, at once and after each change, until it ends',
      description: 'The id of an event is the version of the job.',
      parameters: [
        {
          name: 'Last-Event-ID',
          in: 'header',
          description: 'Last version that the client received. It gets the current one at once only if that is newer',
          schema: { type: 'string' },
        },
      ],
      responses: {
        200: { description: 'Events', content: { 'text/event-stream': { schema: { type: 'string' } } } },
        204: { description: 'The client has received the end of the job' },
        ...problems([...jobErrors(), 'overloaded']),
      },
    },
  },
});

const STATUS_PATHS = {
  '/health': status('health', 'Whether Redis and the disk are usable', 503),
  '/livez': status('livez', 'Whether the process runs'),
  '/readyz': status('readyz', 'Whether Redis, the disk and a worker are usable', 503),
  '/version': status('version', 'Version, source revision, Node.js version, and the sandbox of the workers'),
  '/api/limits': status('limits', 'Formats, sizes and rates in force'),
};

function status(operationId: string, summary: string, otherwise?: number) {
  const content = { 'application/json': { schema: { type: 'object' } } };
  const answers: Responses = {
    200: { description: summary, content },
    ...(otherwise !== undefined && { [otherwise]: { description: 'Not usable', content } }),
  };
  return { get: { operationId, tags: ['status'], summary, security: [{}], responses: answers } };
}

/** Returns the codes of operations, which are all except those of jobs and results. */
function operationErrors(): ErrorCode[] {
  const elsewhere = new Set<string>([
    'not_found',
    'method_not_allowed',
    'job_unfinished',
    'range_not_satisfiable',
    'expired',
  ]);
  return (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => !elsewhere.has(code));
}

function jobErrors(): ErrorCode[] {
  return ['unauthorized', 'job_not_found', 'expired', 'rate_limited', 'redis_unavailable'];
}

/** Returns a response per status, which names its codes. */
function problems(codes: readonly ErrorCode[]): Responses {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status: number } = ERROR_CODES[code];
    byStatus.set(number, [...(byStatus.get(number) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([number, names]) => [number, { description: names.join(', '), content: problemContent() }]),
  );
}

/** The content of a response with one of the files that these operations make. */
function fileContent(operations: readonly Pick<Operation, 'result' | 'alternative'>[]): Responses {
  const mediaTypes = operations.flatMap(resultsOf).map(({ format }) => format.mediaType);
  return Object.fromEntries(
    mediaTypes.map((contentMediaType) => [contentMediaType, { schema: { type: 'string', contentMediaType } }]),
  );
}

function problemContent() {
  return { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
}

function json(schema: keyof typeof SHARED_SCHEMAS) {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}

function resultHeaders({ reportsSizes }: Operation) {
  return {
    'X-Job-Id': header('Id of the job'),
    ...REPLAYED,
    ETag: header('Strong validator of the bytes'),
    'Content-Disposition': header('File name of the result'),
    ...(reportsSizes && {
      'X-Result': header('compressed, or original if the file was returned unchanged. The report has the reason'),
      'X-Original-Size': header('Size of the upload in bytes'),
      'X-Result-Size': header('Size of the result in bytes'),
    }),
  };
}

function header(description: string) {
  return { description, schema: { type: 'string' } };
}

const REPLAYED = {
  'Idempotency-Replayed': header('true if an earlier request with the same Idempotency-Key created the job'),
};

function describe({ description }: JsonSchema) {
  return typeof description === 'string' ? { description } : {};
}
