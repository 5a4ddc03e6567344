import type { Problem } from './types.js';

/** An error that the server answered with. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds after which the server wants to be asked again. */
    readonly retryAfter: number | undefined,
  ) {
    super(problem.detail);
    this.name = 'ProblemError';
  }
}

/** The connection failed before an answer arrived. */
export class ConnectionLost extends Error {
  constructor(cause?: unknown) {
    super('the connection was lost', { cause });
    this.name = 'ConnectionLost';
  }
}

/** Reads the body of an error. A proxy in between may answer with something else than problem details. */
export function readProblem(status: number, body: string, retryAfter: string | null): ProblemError | ConnectionLost {
  const wait = retryAfter === null ? undefined : Number(retryAfter);
  const seconds = wait === undefined || Number.isNaN(wait) ? undefined : wait;
  try {
    const problem = JSON.parse(body) as Problem;
    if (typeof problem.code === 'string') return new ProblemError({ ...problem, errors: problem.errors }, seconds);
  } catch {
    // Not JSON, so it is not from this service.
  }
  return new ConnectionLost(`status ${status}`);
}
