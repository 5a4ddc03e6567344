import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { refuse, refuseOnSocket } from './refusal.js';
import type { Refusal } from './refusal.js';

/**
 * Limits of a request's head. nginx passes on less than this (nginx.conf), so its own refusal comes first, and the
 * headers that it adds still fit.
 */
export const HEADER_LIMITS = { bytes: 20_480, count: 128 } as const;

const BAD_REQUEST = {
  code: 'bad_request',
  detail: 'The request is not valid HTTP/1.1. Correct its request line, headers or chunked body.',
} as const;

export const HEADERS_TOO_LARGE = {
  code: 'bad_request',
  status: 431,
  detail: `The headers have more than ${HEADER_LIMITS.count} fields or ${HEADER_LIMITS.bytes} bytes. Send fewer or shorter ones.`,
} as const;

const URI_TOO_LONG = {
  code: 'bad_request',
  status: 414,
  detail: `The request line has more than ${HEADER_LIMITS.bytes} bytes. Shorten the URL.`,
} as const;

/** Refusal of an HTTP/1.1 request without Host, which Node would answer without a problem. */
export const NO_HOST = { ...BAD_REQUEST, detail: 'The request has no Host header. Add one.' } as const;

const TIMED_OUT = {
  code: 'request_timeout',
  detail: 'The request did not arrive in time. Send it again over a faster connection.',
} as const;

/** The error of Node's `clientError` event. */
export interface ClientError extends Error {
  readonly code?: string;
  /** What the parser was reading. */
  readonly rawPacket?: Buffer;
  /** Bytes of it that the parser accepted. */
  readonly bytesParsed?: number;
}

/**
 * Answers requests that Node's parser refuses. A proxy counts a connection that closes without an answer as a failure
 * of this server, so a malformed request must be answered on kept-alive connections too.
 */
export class ClientErrors {
  readonly #newest = new WeakMap<Socket, ServerResponse>();
  readonly #refused = new WeakSet<Socket>();

  /**
   * Records the newest request of a connection. Returns false if an earlier refusal closes it, so that the request has
   * no effect.
   */
  track({ socket }: IncomingMessage, res: ServerResponse): boolean {
    if (this.#refused.has(socket)) return false;
    this.#newest.set(socket, res);
    return true;
  }

  /** Answers a request that was parsed but is not served, and closes the connection. */
  refuse(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
    this.#refused.add(req.socket);
    refuse(req, res, refusal);
  }

  /** Answers a `clientError` after all responses that are due before it, and closes the connection. */
  handle(error: ClientError, socket: Socket): void {
    // The parser repeats its error for each packet that is discarded afterwards.
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || !socket.writable) {
      socket.destroy();
      return;
    }
    const answer = (): void => {
      if (socket.writable) refuseOnSocket(socket, refusalOf(error));
    };
    const newest = this.#newest.get(socket);
    if (!newest || (newest.req.complete && newest.writableFinished)) answer();
    else if (newest.req.complete) newest.once('finish', answer);
    // The error is in the body of the newest request. A second answer to it would be taken for the next one's.
    else if (newest.headersSent) socket.destroySoon();
    else answer();
  }
}

/** What a parser error means to the client. */
function refusalOf(error: ClientError): Refusal {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return TIMED_OUT;
  if (error.code !== 'HPE_HEADER_OVERFLOW') return BAD_REQUEST;
  return isInRequestLine(error) ? URI_TOO_LONG : HEADERS_TOO_LARGE;
}

/** Whether the parser stopped in a request line that began in the same packet. */
function isInRequestLine({ rawPacket, bytesParsed }: ClientError): boolean {
  const read = rawPacket?.subarray(0, bytesParsed);
  if (!read) return false;
  const line = read.subarray(read.lastIndexOf(0x0a) + 1);
  return /^[A-Z]{1,20} /.test(line.toString('latin1', 0, 21));
}
