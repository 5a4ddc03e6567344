import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, ERROR_CODES, toProblem } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { requestIdOf } from './context.js';
import { limitDrain } from './drain.js';
import { PLAIN_HEADERS } from './security-headers.js';

/** An error that the server answers before express sees the request. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  /** Status, unless it is that of the code. */
  readonly status?: number;
  /** Methods for an `Allow` header. */
  readonly allow?: string;
  /** Seconds for a `Retry-After` header. */
  readonly retryAfter?: number;
}

/** Responds before any other handler runs, and closes the connection after the rest of the request is read. */
export function refuse(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
  const { status, headers, body } = answerOf(refusal, requestIdOf(req));
  res.writeHead(status, headers);
  if (req.complete) {
    res.end(body);
    return;
  }
  res.write(body);
  const stop = limitDrain(req.socket);
  req.once('close', () => {
    stop();
    res.end();
  });
  req.resume();
}

/**
 * Responds on a connection that has no response object, then closes it. Further input is read and discarded, because
 * closing with unread input resets the connection, and the reset may destroy the response.
 */
export function refuseOnSocket(socket: Socket, refusal: Refusal): void {
  const { status, headers, body } = answerOf(refusal, randomUUID());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  limitDrain(socket);
  socket.once('end', () => socket.destroy());
  socket.end(
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`), body]),
  );
  socket.resume();
}

function answerOf(refusal: Refusal, requestId: string) {
  const { code, detail, retryAfter, allow, status = ERROR_CODES[code].status } = refusal;
  const problem = { ...toProblem(new AppError(code, detail), requestId), status };
  const body = Buffer.from(JSON.stringify(problem));
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(body.length),
    'Cache-Control': 'no-store',
    Connection: 'close',
    'X-Request-Id': requestId,
    ...PLAIN_HEADERS,
    ...(allow !== undefined && { Allow: allow }),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
  };
  return { status, headers, body };
}
