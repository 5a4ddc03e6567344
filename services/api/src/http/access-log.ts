import type { IncomingMessage, ServerResponse } from 'node:http';
import { shortId } from '@pdf-tools/shared/logger';
import type { Logger } from '@pdf-tools/shared/logger';
import type { RequestHandler } from 'express';
import { openContext } from './context.js';
import type { CallContext } from './context.js';

/**
 * Gives each call its context and X-Request-Id, and writes one log line when it has ended; at `debug` for a routine call
 * that went well.
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

const LONGEST_PATH = 200;
const LONG_WORD = /[0-9a-f]{13,}/g;

/** A path as it may be logged: without its query, job ids shortened, of bounded length. */
export function loggedPath(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path.slice(0, LONGEST_PATH).replace(LONG_WORD, shortId);
}
