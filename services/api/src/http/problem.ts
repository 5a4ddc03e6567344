import type { IncomingMessage } from 'node:http';
import { AppError, toAppError, toProblem } from '@pdf-tools/runtime/errors';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { ErrorRequestHandler, Response } from 'express';
import { isRefusal } from '../metrics.js';
import type { ApiMetrics } from '../metrics.js';
import { ClientGone } from './client-gone.js';
import { contextOf } from './context.js';

/**
 * Returns the last handler, which answers errors with problem details (RFC 9457) and counts them. A client's error is only
 * in the access log. An unknown error is logged with its stack.
 */
export function problemHandler(log: Logger, metrics: ApiMetrics): ErrorRequestHandler {
  return (thrown: unknown, _req, res, next) => {
    // No one would read a response.
    if (thrown instanceof ClientGone) {
      res.destroy();
      return;
    }
    const error = isFrameworkRefusal(thrown) ? refusal(thrown) : toAppError(thrown);
    const { code } = error;
    contextOf(res).code = code;
    metrics.problems.inc({ code });
    if (isRefusal(code)) metrics.refusals.inc({ code });
    const { requestId } = contextOf(res);
    if (error.code === 'internal_error')
      log.error('request failed', { error: error.cause ?? error, request_id: requestId });
    else if (error.status >= 500) log.warn('request refused', { error, request_id: requestId });
    // Part of the response is sent already, so the connection is closed to show that it is incomplete.
    if (res.headersSent) next(thrown);
    else sendProblem(res, error);
  };
}

/** Responds with an error. */
function sendProblem(res: Response, error: AppError): void {
  const body = Buffer.from(JSON.stringify(toProblem(error, contextOf(res).requestId)));
  if (error.retryAfter !== undefined) res.setHeader('Retry-After', String(error.retryAfter));
  // These describe the result, not this body.
  for (const name of ['Content-Disposition', 'Accept-Ranges', 'ETag', 'Content-Encoding']) res.removeHeader(name);
  res.statusCode = error.status;
  res.setHeader('Content-Type', 'application/problem+json');
  res.setHeader('Content-Length', body.length);
  res.setHeader('Cache-Control', 'no-store');
  // nginx cannot keep the client's connection after this answer, and announces that to the client (snippets/proxy.conf).
  if (isUploadUnread(res.req)) res.setHeader('X-Upload-Unread', '1');
  res.end(body);
}

/** Whether the body is not completely read. In a synchronous handler a request without a body is incomplete too. */
function isUploadUnread({ complete, headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && !complete;
}

/** Whether Express refused the request, such as one with a malformed escape in its path. Its errors have a status. */
function isFrameworkRefusal(thrown: unknown): thrown is Error & { status: number } {
  if (!(thrown instanceof Error) || thrown instanceof AppError || !('status' in thrown)) return false;
  return typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500;
}

function refusal(cause: Error): AppError {
  return new AppError('bad_request', 'The path of the request cannot be decoded. Correct its percent-encoding.', {
    cause,
  });
}
