import type { IncomingMessage, ServerResponse } from 'node:http';
import { shortId } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { RequestHandler } from 'express';
import { openContext } from './context.js';
import type { CallContext } from './context.js';

/**
 * Gives each request its context and X-Request-Id, and writes one log line at its end, at level `debug` for successful
 * routine requests.
 */
export function accessLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const context = openContext(req, res);
    res.setHeader('X-Request-Id', context.requestId);
    const { method, originalUrl } = req;
    const { socket } = req;
    const before = socket.bytesWritten;
    res.once('close', () => {
      log[levelOf(res, context)]('request', {
        ...describeCall({ method, originalUrl }, res, context),
        bytes: socket.bytesWritten - before,
      });
    });
    next();
  };
}

function levelOf(res: ServerResponse, { routine }: CallContext): 'info' | 'debug' {
  return routine && res.writableFinished && res.statusCode < 400 ? 'debug' : 'info';
}

function describeCall(
  { method, originalUrl }: Pick<IncomingMessage, 'method'> & { originalUrl: string },
  res: ServerResponse,
  { requestId, startedAt, jobId, code, owner }: CallContext,
) {
  return {
    method,
    path: loggedPath(originalUrl),
    status: res.statusCode,
    ...(!res.writableFinished && { broken: true }),
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    request_id: requestId,
    ...(jobId !== undefined && { job_id: shortId(jobId) }),
    ...(code !== undefined && { code }),
    ...(owner !== '' && { owner }),
  };
}

const MAX_PATH_LENGTH = 200;
const SEGMENT_LENGTH = 12;
const WORD = /^[a-z-]{1,32}$/;

/**
 * Returns a path as it may be logged, without its query and of bounded length. A segment that is not a plain word is
 * cut to 12 characters, because it may hold a job id in any spelling, such as with percent-encoded letters.
 */
export function loggedPath(url: string): string {
  const [path = ''] = url.split('?', 1);
  const segments = path.slice(0, MAX_PATH_LENGTH).split('/');
  return segments.map((segment) => (WORD.test(segment) ? segment : segment.slice(0, SEGMENT_LENGTH))).join('/');
}
