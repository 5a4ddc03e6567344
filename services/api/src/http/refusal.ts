import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, ERROR_CODES, toProblem } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { requestIdOf } from './context.js';
import { limitDrain } from './drain.js';
import { PLAIN_HEADERS } from './security-headers.js';

/** Why the server itself refuses a request. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  /** If it is not the code's own. */
  readonly status?: number;
  /** Methods for an `Allow` header. */
  readonly allow?: string;
  /** Seconds for a `Retry-After` header. */
  readonly retryAfter?: number;
}

/** Answers before any other handler, and closes the connection once the rest of the request is read. */
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
 * Answers on a connection that has no response object, then closes it. Input that is still on its way is read and
 * discarded: closing with unread input resets the connection, and the reset may destroy the answer.
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
