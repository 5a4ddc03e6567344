import { resultsOf } from '@pdf-tools/operations/operation';
import type { Operation } from '@pdf-tools/operations/operation';
import { AppError, ERROR_CODES, toProblem } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { REMEDIES } from './remedies.js';
import { EXAMPLE_ID } from './schemas.js';
import type { JsonSchema } from './schemas.js';

/** Responses by status. */
export type Responses = Readonly<Record<string, unknown>>;

const EXAMPLE_REQUEST_ID = 'f3c1a4de-6b1f-4d0e-9a55-0c2a7b9d1e60';

/** Declared response headers. Operations refer to them by name. */
export const HEADERS = {
  'X-Request-Id': header('Id of the request, for the operator. A well-formed X-Request-Id of the client is kept', {
    example: EXAMPLE_REQUEST_ID,
  }),
  'X-Job-Id': header('Id of the job. An error has it too if its job exists', { example: EXAMPLE_ID }),
  'Idempotency-Replayed': header('true if an earlier request with the same Idempotency-Key created the job', {
    example: 'true',
  }),
  'Preference-Applied': header('The preference of the Prefer header that was applied (RFC 7240)', {
    example: 'respond-async',
  }),
  Location: header('Path of the job', { example: `/api/jobs/${EXAMPLE_ID}` }),
  'Retry-After': header('Seconds to wait before the next request', { type: 'integer', example: 1 }),
  RateLimit: header('r requests are left, and the limit is reset after t seconds', {
    example: '"40-in-2sec"; r=39; t=2',
  }),
  'RateLimit-Policy': header('q requests may be sent in w seconds. pk stands for the client', {
    example: '"40-in-2sec"; q=40; w=2; pk=:YWM4MjA0NWE2MDY2:',
  }),
  ETag: header('Strong validator of the bytes', { example: '"9f86d081884c7d65"' }),
  'Content-Disposition': header('File name of the result (RFC 6266)', { example: 'attachment; filename="merged.pdf"' }),
  'Content-Range': header(
    'The bytes that are sent, and the size of the result. An unsatisfiable range gets only the size',
    { example: 'bytes 0-1023/120456' },
  ),
  'Accept-Ranges': header('bytes, because a range can be requested', { example: 'bytes' }),
  'X-Result': header('compressed, or original if the file was returned unchanged. The report has the reason', {
    example: 'compressed',
  }),
  'X-Original-Size': header('Size of the upload in bytes', { type: 'integer', example: 812_345 }),
  'X-Result-Size': header('Size of the result in bytes', { type: 'integer', example: 120_456 }),
  'WWW-Authenticate': header('How to send a key', { example: 'Bearer realm="pdf-tools"' }),
};

export type HeaderName = keyof typeof HEADERS;

const RATE_HEADERS: readonly HeaderName[] = ['RateLimit', 'RateLimit-Policy'];

interface HeaderSchema {
  readonly type?: 'string' | 'integer';
  readonly example: string | number;
}

function header(description: string, { type = 'string', example }: HeaderSchema) {
  return { description, schema: { type }, example };
}

/** References to declared headers. Every response has `X-Request-Id`. */
export function headers(...names: readonly HeaderName[]) {
  const all = ['X-Request-Id', ...names] as const;
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The headers of a response below /api, whose rate is limited. */
export function apiHeaders(...names: readonly HeaderName[]) {
  return headers(...RATE_HEADERS, ...names);
}

/** Statuses whose problems say when to try again. */
const RETRY_STATUSES = new Set([429, 502, 503, 507]);

/** Statuses of problems that a job can end with. Their responses name the job. */
const JOB_STATUSES = new Set([409, 413, 415, 422, 500, 504, 507]);

interface ProblemOptions {
  /** Whether the rate of the request is limited. */
  readonly rateLimited?: boolean;
  /** Whether the problem may be that of a job. */
  readonly ofJob?: boolean;
}

/** Returns a response for each status of these codes, with an example for each code. */
export function problems(codes: readonly ErrorCode[], options: ProblemOptions = {}): Responses {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERROR_CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, names]) => [status, problemResponse(status, names, options)]));
}

function problemResponse(
  status: number,
  codes: readonly ErrorCode[],
  { rateLimited = true, ofJob = false }: ProblemOptions,
) {
  const hasRetry = RETRY_STATUSES.has(status) || codes.includes('job_unfinished');
  const names: HeaderName[] = [
    ...(rateLimited ? RATE_HEADERS : []),
    ...(ofJob && JOB_STATUSES.has(status) ? (['X-Job-Id'] as const) : []),
    ...(status === 416 ? (['Content-Range'] as const) : []),
    ...(hasRetry ? (['Retry-After'] as const) : []),
    ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
  ];
  const lines = codes.map((code) => `- \`${code}\`: ${ERROR_CODES[code].title}. ${REMEDIES[code]}`);
  return { description: lines.join('\n'), headers: headers(...names), content: problemContent(codes) };
}

function problemContent(codes: readonly ErrorCode[]) {
  const examples = Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
  return { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } };
}

/** An example of the problem of each of these codes. */
export function problemExamples(codes: readonly ErrorCode[]) {
  return Object.fromEntries(
    codes.map((code) => {
      const error = new AppError(code, REMEDIES[code]);
      return [code, { summary: ERROR_CODES[code].title, value: toProblem(error, EXAMPLE_REQUEST_ID) }];
    }),
  );
}

/** The content of a response with one of the files that these operations make. */
export function fileContent(operations: readonly Pick<Operation, 'result' | 'alternative'>[]): Responses {
  const mediaTypes = new Set(operations.flatMap(resultsOf).map(({ format }) => format.mediaType));
  return Object.fromEntries([...mediaTypes].map((mediaType) => [mediaType, { schema: binary(mediaType) }]));
}

/** The schema of bytes. It has no `type`, because OpenAPI 3.1 gives binary content none. */
export function binary(contentMediaType: string): JsonSchema {
  return { contentMediaType };
}

export function json(schema: string, example: unknown) {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` }, example } };
}
