import { Server as NetServer } from 'node:net';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ClientErrors, HEADER_LIMITS, HEADERS_TOO_LARGE, NO_HOST } from './http/client-errors.js';
import type { ClientError } from './http/client-errors.js';
import { limitDrain } from './http/drain.js';
import { refuseOnSocket } from './http/refusal.js';
import type { Refusal } from './http/refusal.js';
import type { Lifecycle } from './lifecycle.js';

/** Longer than a proxy keeps idle connections (nginx: 60 s), so the proxy closes them first and never uses a closed one. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 15_000;
/** Longer than any upload, which has time limits of its own. */
const REQUEST_MS = 960_000;
const CHECK_MS = 5_000;
/**
 * After the end of listening, requests on open connections are still answered for this time, with `Connection: close`. A
 * proxy may have sent one that it must not repeat. New connections are refused.
 */
const DEPARTURE_MS = 3_000;
/** From then on, connections without a request are closed at this interval. */
const CLOSE_UNUSED_MS = 500;

/** Refusal of a request that comes after the end of listening. */
export const SHUTTING_DOWN = {
  code: 'shutting_down',
  detail: 'This process is shutting down. Send the request again in 1 s.',
  retryAfter: 1,
} as const;
const CODED_TWICE = {
  code: 'bad_request',
  detail: 'The Transfer-Encoding must be chunked and nothing else. Send the body uncompressed.',
} as const;
const NO_TUNNEL = {
  code: 'method_not_allowed',
  detail: 'CONNECT is not supported. Use GET, HEAD, POST, DELETE or OPTIONS; see /docs.',
  allow: 'GET, HEAD, POST, DELETE, OPTIONS',
} as const;
const EXPECTATION_FAILED = {
  code: 'bad_request',
  status: 417,
  detail: 'The header Expect must be 100-continue. Correct or remove it.',
} as const;

interface ServerParts {
  /** Answers a request at once, or returns false. */
  readonly probes: (req: IncomingMessage, res: ServerResponse) => boolean;
  readonly app: RequestListener;
  readonly lifecycle: Lifecycle;
}

/** The HTTP server, with limits of time and size and a graceful shutdown. */
export class ApiServer {
  readonly #server: Server;
  readonly #answering = new Set<ServerResponse>();
  readonly #sockets = new Set<Socket>();
  #departed = false;

  constructor({ probes, app, lifecycle }: ServerParts) {
    const errors = new ClientErrors();
    const listener = (req: IncomingMessage, res: ServerResponse): void => {
      if (lifecycle.stopping) res.setHeader('Connection', 'close');
      if (!errors.track(req, res)) return;
      const refusal = refusalOf(req);
      if (refusal) errors.refuse(req, res, refusal);
      else if (probes(req, res)) return;
      else if (this.#departed) errors.refuse(req, res, SHUTTING_DOWN);
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
        maxHeaderSize: HEADER_LIMITS.bytes,
        noDelay: true,
        // See `refusalOf`.
        requireHostHeader: false,
      },
      listener,
    );
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // The upload asks for the body after it has checked the headers.
    this.#server.on('checkContinue', listener);
    this.#server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) => {
      errors.refuse(req, res, EXPECTATION_FAILED);
    });
    this.#server.on('clientError', (error: ClientError, socket) => {
      errors.handle(error, socket as Socket);
    });
    // Without a listener Node closes the connection without an answer.
    this.#server.on('connect', (_req, socket) => {
      socket.on('error', () => undefined);
      refuseOnSocket(socket as Socket, NO_TUNNEL);
    });
  }

  /** Starts to listen. Resolves with the port, which the system chooses if `port` is 0. */
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
   * Stops listening at once. Resolves when the requests in flight are answered and their connections are closed, but not
   * before DEPARTURE_MS if connections are open.
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
      // The method of node:http would close idle connections at once.
      NetServer.prototype.close.call(this.#server, () => {
        clearTimeout(departure);
        clearInterval(unused);
        resolve();
      });
    });
  }

  /**
   * Closes connections without a request. Node closes only connections that are idle at one moment, and none that have
   * never sent a request.
   */
  #closeUnused(): void {
    const used = new Set([...this.#answering].map(({ socket }) => socket));
    for (const socket of this.#sockets) if (!used.has(socket)) socket.destroy();
  }
}

/**
 * Whether a body has other transfer codings than `chunked`. Node ignores them, which an intermediary may not do, so the
 * request is refused and its connection closed (RFC 9112, section 6.1).
 */
function isCodedTwice({ headers }: IncomingMessage): boolean {
  const coding = headers['transfer-encoding'];
  return coding !== undefined && coding.toLowerCase() !== 'chunked';
}

function refusalOf(req: IncomingMessage): Refusal | undefined {
  if (isCodedTwice(req)) return CODED_TWICE;
  if (req.headers.host === undefined && req.httpVersion === '1.1') return NO_HOST;
  return req.rawHeaders.length > 2 * HEADER_LIMITS.count ? HEADERS_TOO_LARGE : undefined;
}

/**
 * Reads and discards the rest of a body after an early answer, within limits of time and size, so that the client reads the
 * answer and the connection stays usable. Node does so only for a body that was never read.
 */
function boundDrain(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  req.resume();
  const stop = limitDrain(req.socket);
  req.once('end', stop);
  req.once('close', stop);
}
