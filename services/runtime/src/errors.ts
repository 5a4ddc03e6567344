/** What an error code means to a client: its HTTP status, its RFC 9457 title, and whether the same request may succeed later. */
interface ErrorKind {
  readonly status: number;
  readonly title: string;
  readonly retryable?: true;
}

/** Every code of the HTTP contract. The order is that of the table in the contract. */
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
  expired: { status: 410, title: 'The job has expired' },
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
  internal_error: { status: 500, title: 'Internal error', retryable: true },
  worker_crashed: { status: 500, title: 'The work crashed', retryable: true },
  out_of_memory: { status: 500, title: 'The work needed too much memory' },
  bad_gateway: { status: 502, title: 'The service broke off its answer', retryable: true },
  overloaded: { status: 503, title: 'The service is overloaded', retryable: true },
  shutting_down: { status: 503, title: 'The service is shutting down', retryable: true },
  redis_unavailable: { status: 503, title: 'The job store is unavailable', retryable: true },
  time_limit: { status: 504, title: 'The work ran into its time limit' },
  disk_full: { status: 507, title: 'The disk is full', retryable: true },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing wrong with a request: in which file (position from 0, cleaned name, page from 1) or parameter. */
export interface ErrorItem {
  readonly file?: string;
  readonly index?: number;
  readonly page?: number;
  readonly param?: string;
  readonly message: string;
}

/** An `AppError` as JSON: how it crosses the process boundary and lies in a job record. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly ErrorItem[];
}

/** RFC 9457 problem details, with this API's extension members. */
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
 * The one error type that a client may see. `detail` is written for the client: it never holds a path, a stack or a
 * library's own text; those travel as `cause` and end in the log.
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

  /** True where the same request may succeed later without being changed. */
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

/** True for a string that is one of this API's error codes. */
export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_CODES, value);
}

/** Any thrown value as an `AppError`: what is not one already becomes `internal_error` with the value as its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('internal_error', 'Something went wrong on our side.', { cause: thrown });
}

/** The RFC 9457 body for an error. */
export function toProblem(error: AppError, requestId: string): Problem {
  return {
    type: `urn:pdf-tools:error:${error.code}`,
    title: ERROR_CODES[error.code].title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    request_id: requestId,
    retryable: error.retryable,
    errors: error.errors,
  };
}
