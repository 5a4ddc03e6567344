import { FORMATS } from '@pdf-tools/operations/formats';
import { fieldsOf, resultsOf } from '@pdf-tools/operations/operation';
import type { Operation } from '@pdf-tools/operations/operation';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import type { z } from 'zod';
import { apiHeaders, binary, fileContent, json, problems } from './responses.js';
import type { HeaderName } from './responses.js';
import { jobName, properties, queuedExample } from './schemas.js';
import type { JsonSchema } from './schemas.js';

export interface PathOptions {
  /** Options that every operation takes. */
  readonly options: z.ZodObject;
  /** Limit of the files of a request together. */
  readonly maxUploadBytes: number;
}

/** Codes that every upload can lead to. */
const UPLOAD_ERRORS: readonly ErrorCode[] = [
  'bad_multipart',
  'bad_request',
  'no_files',
  'too_many_files',
  'unexpected_field',
  'empty_file',
  'invalid_params',
  'unauthorized',
  'job_not_found',
  'request_timeout',
  'job_cancelled',
  'idempotency_conflict',
  'expired',
  'upload_too_large',
  'unsupported_format',
  'rate_limited',
  'queue_full',
  'internal_error',
  'worker_crashed',
  'storage_corrupted',
  'out_of_memory',
  'bad_gateway',
  'overloaded',
  'shutting_down',
  'redis_unavailable',
  'storage_unavailable',
  'time_limit',
  'disk_full',
];

/** Returns the codes that a request for an operation can get, in the order of their statuses. */
function operationErrors({ fileErrors }: Pick<Operation, 'fileErrors'>): ErrorCode[] {
  return [...new Set([...UPLOAD_ERRORS, ...fileErrors])];
}

/** Describes `POST /api/<operation>`. */
export function operationPath(name: string, operation: Operation, options: PathOptions) {
  const callOptions = properties(options.options);
  return {
    operationId: name,
    tags: ['operations'],
    summary: operation.title,
    description: `${operation.summary} Responds with the result if it is ready in time, otherwise with the job.`,
    parameters: [...queryParameters(callOptions), ...REQUEST_HEADERS],
    requestBody: requestBody(operation, callOptions, options.maxUploadBytes),
    responses: {
      200: {
        description: `The ${labelsOf(operation)}`,
        headers: apiHeaders(...RESULT_HEADERS, ...(operation.reportsSizes ? SIZE_HEADERS : [])),
        content: fileContent([operation]),
      },
      202: {
        description: 'The job. The client asked for it, or the result was not ready in time',
        headers: apiHeaders('X-Job-Id', 'Location', 'Retry-After', 'Idempotency-Replayed', 'Preference-Applied'),
        content: json(jobName(name), queuedExample(name)),
      },
      ...problems(operationErrors(operation), { ofJob: true }),
    },
  };
}

const RESULT_HEADERS: readonly HeaderName[] = [
  'X-Job-Id',
  'Idempotency-Replayed',
  'Preference-Applied',
  'ETag',
  'Content-Disposition',
  'Accept-Ranges',
];
const SIZE_HEADERS: readonly HeaderName[] = ['X-Result', 'X-Original-Size', 'X-Result-Size'];

function queryParameters(callOptions: Readonly<Record<string, JsonSchema>>) {
  return Object.entries(callOptions).map(([name, schema]) => ({
    name,
    in: 'query',
    schema,
    description: typeof schema.description === 'string' ? schema.description : '',
  }));
}

/** Headers that every operation takes. */
export const REQUEST_HEADERS = [
  {
    name: 'Prefer',
    in: 'header',
    description: 'respond-async for the job at once, or wait=SECONDS to wait at most so long for the result (RFC 7240)',
    schema: { type: 'string', examples: ['respond-async', 'wait=10'] },
  },
  {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      '1 to 255 printable ASCII characters. A request with the same key, parameters and files gets the job of the first one',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$', examples: ['order-4711'] },
  },
  {
    name: 'X-Request-Id',
    in: 'header',
    description: 'Id of the request in the logs of the server. The response has it too',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$', examples: ['import-2026-01-31.7'] },
  },
];

function requestBody(
  { accepts, params }: Operation,
  callOptions: Readonly<Record<string, JsonSchema>>,
  maxUploadBytes: number,
) {
  const labels = accepts.formats.map((format) => FORMATS[format].label).join(', ');
  const limit = `All files of a request together have at most ${maxUploadBytes} bytes`;
  const file = binary('application/octet-stream');
  const one = { ...file, description: `One file: ${labels}. At most ${maxUploadBytes} bytes` };
  const several = {
    type: 'array',
    items: file,
    minItems: 1,
    maxItems: accepts.maxFiles,
    description: `In order: ${labels}. ${limit}`,
  };
  const fields = fieldsOf(accepts);
  const files = Object.fromEntries(fields.map((field) => [field, field === 'file' ? one : several]));
  const own = properties(params);
  const schema = {
    type: 'object',
    properties: { ...files, ...own, ...callOptions },
    // A choice with anyOf would hide the properties from generators of clients.
    ...(fields.length === 1 ? { required: fields } : { minProperties: 1 }),
    additionalProperties: false,
    examples: [exampleForm(fields[0] ?? 'files', own)],
  };
  return {
    required: true,
    description: `A form with files in "${fields.join('" or "')}", and the parameters. ${limit}`,
    content: { 'multipart/form-data': { schema, encoding: encodingOf(own) } },
  };
}

/** Lists and objects are one part with JSON each. */
function encodingOf(params: Readonly<Record<string, JsonSchema>>) {
  const structured = Object.entries(params).filter(([, { type }]) => type === 'array' || type === 'object');
  return Object.fromEntries(structured.map(([name]) => [name, { contentType: 'application/json' }]));
}

/** An example of a form, with the defaults of the operation's plain parameters. */
function exampleForm(field: string, params: Readonly<Record<string, JsonSchema>>) {
  const plain = Object.entries(params).filter(([, { format, default: value }]) => {
    return format !== 'password' && value !== undefined && typeof value !== 'object';
  });
  const file = '(the bytes of the file)';
  const defaults = Object.fromEntries(plain.map(([name, { default: value }]) => [name, value]));
  return { [field]: field === 'file' ? file : [file], ...defaults };
}

/** The names of the formats that an operation answers with. */
function labelsOf(operation: Operation): string {
  const [usual, ...others] = resultsOf(operation).map(({ format }) => format.label);
  return [usual, ...others.map((label) => `or a ${label} for several files`)].join(', ');
}
