/** What an error code means to a client. */
interface ErrorKind {
  /** HTTP status. */
  readonly status: number;
  /** Title of the problem details (RFC 9457). */
  readonly title: string;
  /** The same request may succeed later. */
  readonly retryable?: true;
  /** What to do next, for codes whose details come from places that do not know it. `toProblem` adds it to the detail. */
  readonly remedy?: string;
}

const TRY_AGAIN = 'Send the request again. If it fails again, give the request_id to the operator.';
const SEND_LESS = 'Send fewer or smaller files, or ask the operator to raise the limit.';

/** Every code of the HTTP contract, in the order of the contract's table. */
export const ERROR_CODES = {
  bad_multipart: { status: 400, title: 'The multipart body cannot be read' },
  bad_request: { status: 400, title: 'The request cannot be understood' },
  no_files: { status: 400, title: 'No file was sent' },
  too_many_files: { status: 400, title: 'Too many files' },
  unexpected_field: { status: 400, title: 'Unexpected file field' },
  empty_file: { status: 400, title: 'A file is empty' },
  invalid_params: { status: 400, title: 'Invalid parameters' },
  unauthorized: { status: 401, title: 'A valid API key is required' },
  forbidden: { status: 403, title: 'The API key lacks the scope for this' },
  not_found: { status: 404, title: 'Not found' },
  job_not_found: { status: 404, title: 'No such job' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'The request took too long to arrive', retryable: true },
  job_unfinished: { status: 409, title: 'The job has not ended yet', retryable: true },
  job_cancelled: { status: 409, title: 'The job was cancelled' },
  idempotency_conflict: { status: 409, title: 'The idempotency key belongs to another request' },
  expired: { status: 410, title: 'The job has expired', remedy: 'Send the files again to start a new job.' },
  upload_too_large: { status: 413, title: 'The upload is too large' },
  too_many_pixels: { status: 413, title: 'An image has too many pixels' },
  too_many_pages: { status: 413, title: 'A document has too many pages' },
  unsupported_format: { status: 415, title: 'Unsupported file format' },
  range_not_satisfiable: { status: 416, title: 'The range cannot be satisfied' },
  corrupt_pdf: { status: 422, title: 'A PDF cannot be read' },
  corrupt_image: { status: 422, title: 'An image cannot be read' },
  password_required: { status: 422, title: 'A PDF needs a password' },
  password_wrong: { status: 422, title: 'The password of a PDF is wrong' },
  invalid_range: { status: 422, title: 'A page range does not fit the document' },
  signed_pdf: { status: 422, title: 'A PDF is signed' },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  queue_full: { status: 429, title: 'The queue is full', retryable: true },
  internal_error: { status: 500, title: 'Internal error', retryable: true, remedy: TRY_AGAIN },
  worker_crashed: { status: 500, title: 'The job crashed', retryable: true, remedy: TRY_AGAIN },
  storage_corrupted: { status: 500, title: 'A stored file is damaged', retryable: true, remedy: TRY_AGAIN },
  out_of_memory: { status: 500, title: 'The job needed too much memory', remedy: SEND_LESS },
  bad_gateway: { status: 502, title: 'The service closed the connection before it answered', retryable: true },
  overloaded: { status: 503, title: 'The service is overloaded', retryable: true },
  shutting_down: { status: 503, title: 'The service is shutting down', retryable: true },
  redis_unavailable: { status: 503, title: 'The job store is unavailable', retryable: true },
  storage_unavailable: { status: 503, title: 'The file storage is unavailable', retryable: true },
  time_limit: { status: 504, title: 'The job exceeded its time limit', remedy: SEND_LESS },
  disk_full: { status: 507, title: 'The disk is full', retryable: true, remedy: 'Try again in 60 s.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing that is wrong with a request. */
export interface ErrorItem {
  /** Cleaned file name. */
  readonly file?: string;
  /** Position of the file in the request, from 0. */
  readonly index?: number;
  /** Page of the file, from 1. */
  readonly page?: number;
  /** Name of the parameter, form field or header. */
  readonly param?: string;
  /** The limit that was exceeded, in the unit that `message` names. */
  readonly limit?: number;
  readonly message: string;
}

/** An `AppError` as JSON, as it is stored in a job record and sent between processes. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly ErrorItem[];
}

/** RFC 9457 problem details with the extension members of this API. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly request_id: string;
  readonly retryable: boolean;
  readonly errors: readonly ErrorItem[];
}

interface AppErrorOptions {
  readonly errors?: readonly ErrorItem[];
  /** Seconds for a `Retry-After` header. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/**
 * The only error that a client sees. `detail` says what is wrong, names the file or parameter, and says what to do
 * next. It never holds a path, a stack or the text of a library. Those belong to `cause`, which is only logged.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: readonly ErrorItem[];
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return 'retryable' in ERROR_CODES[this.code];
  }

  toRecord(): ErrorRecord {
    return { code: this.code, detail: this.detail, ...(this.errors.length > 0 && { errors: this.errors }) };
  }

  static fromRecord(record: ErrorRecord): AppError {
    return new AppError(record.code, record.detail, record.errors ? { errors: record.errors } : {});
  }
}

/** Whether a string is an error code of this API. */
export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_CODES, value);
}

/** Whether an error is the client's, which is logged in one line without a stack. */
export function isClientError(code: ErrorCode): boolean {
  return ERROR_CODES[code].status < 500;
}

/** Returns an `AppError` as it is, and any other value as the cause of an `internal_error`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('internal_error', 'The service failed to process the request.', { cause: thrown });
}

/** Returns the problem details of an error (RFC 9457). */
export function toProblem(error: AppError, requestId: string): Problem {
  const kind: ErrorKind = ERROR_CODES[error.code];
  return {
    type: `urn:pdf-tools:error:${error.code}`,
    title: kind.title,
    status: error.status,
    detail: withRemedy(error.detail, kind.remedy),
    code: error.code,
    request_id: requestId,
    retryable: error.retryable,
    errors: error.errors,
  };
}

function withRemedy(detail: string, remedy: string | undefined): string {
  return remedy === undefined || detail.endsWith(remedy) ? detail : `${detail} ${remedy}`;
}
