import { Server as NetServer } from 'node:net';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, toProblem } from '@pdf-tools/shared/errors';
import type { ErrorCode } from '@pdf-tools/shared/errors';
import type { Lifecycle } from './lifecycle.js';
import { requestIdOf } from './http/context.js';
import { PLAIN_HEADERS } from './http/security-headers.js';

/** Longer than a proxy keeps idle connections (nginx: 60 s), so that it is never us who close one that it just uses. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 15_000;
/** Above the longest upload, which its own pace check ends. */
const REQUEST_MS = 960_000;
const CHECK_MS = 5_000;
const MAX_HEADER_BYTES = 16_384;
/** What is still read of a body after its answer, so that the client comes to read it. */
const DRAIN_MS = 10_000;
const DRAIN_BYTES = 67_108_864;
/**
 * After the end of listening, time in which open connections are answered once more, each with `Connection: close`: a proxy
 * may have sent on one what it must not repeat. New ones are refused meanwhile, which tells it sooner than silence does.
 */
const DEPARTURE_MS = 3_000;
/** From then on, time between two looks for connections without a request. */
const CLOSE_UNUSED_MS = 500;

interface ServerParts {
  /** Answers a request at once, or returns false. */
  readonly probes: (req: IncomingMessage, res: ServerResponse) => boolean;
  readonly app: RequestListener;
  readonly lifecycle: Lifecycle;
}

/** The HTTP server, bounded in time and size, that ends gently. */
export class ApiServer {
  readonly #server: Server;
  readonly #answering = new Set<ServerResponse>();
  readonly #sockets = new Set<Socket>();
  #departed = false;

  constructor({ probes, app, lifecycle }: ServerParts) {
    const listener = (req: IncomingMessage, res: ServerResponse): void => {
      if (lifecycle.stopping) res.setHeader('Connection', 'close');
      if (isCodedTwice(req))
        refuse(req, res, new AppError('bad_request', 'The only transfer coding taken is chunked.'));
      else if (probes(req, res)) return;
      else if (this.#departed) refuse(req, res, shuttingDown());
      else {
        this.#answering.add(res);
        res.once('close', () => this.#answering.delete(res));
        res.once('finish', () => {
          boundDrain(req);
        });
        app(req, res);
      }
    };
    this.#server = createServer(
      {
        keepAliveTimeout: KEEP_ALIVE_MS,
        headersTimeout: HEADERS_MS,
        requestTimeout: REQUEST_MS,
        connectionsCheckingInterval: CHECK_MS,
        maxHeaderSize: MAX_HEADER_BYTES,
        noDelay: true,
      },
      listener,
    );
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // The upload asks for the body itself, once the headers are found good.
    this.#server.on('checkContinue', listener);
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      answerClientError(error.code, socket as Socket);
    });
  }

  /** Listens. Resolves with the port, which differs from the wish only where that was 0. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host, backlog: 1_024 }, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  /**
   * Stops listening at once; resolves when the calls in flight are answered, and not before DEPARTURE_MS where connections
   * are open. They close with their answers.
   */
  close(): Promise<void> {
    for (const res of this.#answering) if (!res.headersSent) res.setHeader('Connection', 'close');
    return new Promise((resolve) => {
      let unused: NodeJS.Timeout | undefined;
      const departure = setTimeout(() => {
        this.#departed = true;
        this.#server.closeIdleConnections();
        unused = setInterval(() => {
          this.#closeUnused();
        }, CLOSE_UNUSED_MS);
      }, DEPARTURE_MS);
      // That of node:http would close idle connections at once.
      NetServer.prototype.close.call(this.#server, () => {
        clearTimeout(departure);
        clearInterval(unused);
        resolve();
      });
    });
  }

  /**
   * Node closes what is idle at one moment only, and never a connection that has not asked anything yet; those of
   * event streams, whose headers went out long ago, become idle later.
   */
  #closeUnused(): void {
    const used = new Set([...this.#answering].map(({ socket }) => socket));
    for (const socket of this.#sockets) if (!used.has(socket)) socket.destroy();
  }
}

/**
 * Node unchunks a body whose codings end in `chunked` and forgets the others, which an intermediary may read otherwise
 * (RFC 9112 section 6.1): such a request ends its connection.
 */
function isCodedTwice({ headers }: IncomingMessage): boolean {
  const coding = headers['transfer-encoding'];
  return coding !== undefined && coding.toLowerCase() !== 'chunked';
}

function shuttingDown(): AppError {
  return new AppError('shutting_down', 'This process is shutting down: ask again.', { retryAfter: 1 });
}

/** Answers before any other handler, and closes the connection. */
function refuse(req: IncomingMessage, res: ServerResponse, error: AppError): void {
  const body = Buffer.from(JSON.stringify(toProblem(error, requestIdOf(req))));
  res.writeHead(error.status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    Connection: 'close',
    ...PLAIN_HEADERS,
    ...(error.retryAfter !== undefined && { 'Retry-After': String(error.retryAfter) }),
  });
  res.end(body);
}

/**
 * After an early answer reads the rest of the body and throws it away, so that the client gets to the answer and the
 * connection can go on; within bounds of time and size. Node itself does so only with a body that nobody began to read.
 */
function boundDrain(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  req.resume();
  const { socket } = req;
  const before = socket.bytesRead;
  const started = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - started > DRAIN_MS || socket.bytesRead - before > DRAIN_BYTES) socket.destroy();
  }, 250);
  const done = (): void => {
    clearInterval(timer);
  };
  req.once('end', done);
  req.once('close', done);
  socket.once('close', done);
}

/** The parser's refusals, which reach no handler: one answer, then the connection closes. */
function answerClientError(code: string | undefined, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const [status, phrase, problem] = refusalOf(code);
  const error = new AppError(problem, 'The request cannot be read.');
  const body = JSON.stringify({ ...toProblem(error, ''), status, title: phrase });
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => {
      socket.destroySoon();
    },
  );
}

function refusalOf(code: string | undefined): [number, string, ErrorCode] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'Request Header Fields Too Large', 'bad_request'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'Request Timeout', 'request_timeout'];
  return [400, 'Bad Request', 'bad_request'];
}
