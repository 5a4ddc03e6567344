import { Agent, request } from 'node:https';
import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { jpeg } from '@pdf-tools/harness/samples';
import { HOST, HTTPS_PORT, NAME } from './stack.js';

/** Pause between two requests of one client. It makes a steady load. */
const PAUSE_MS = 20;
/** curl opens this many connections for one request whose stream is refused. */
const MAX_REPEATS = 5;

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Time in ms over which the body is sent. */
  readonly spreadMs?: number;
}

/** Sends one request over HTTP/1.1 and resolves with its status. */
export function call(agent: Agent, { path, method = 'GET', headers = {}, body, spreadMs = 0 }: Call): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = body && { 'content-length': body.length };
    const options = { host: HOST, port: HTTPS_PORT, servername: NAME, agent, path, method };
    const sent = request({ ...options, headers: { host: NAME, ...headers, ...length } }, (response) => {
      response.once('error', reject);
      response.once('end', () => {
        resolve(response.statusCode ?? 0);
      });
      response.resume();
    });
    sent.setTimeout(60_000, () => sent.destroy(new Error('no answer for 60 s')));
    sent.once('error', reject);
    if (body && spreadMs > 0) void sendSlowly(sent, body, spreadMs);
    else sent.end(body);
  });
}

async function sendSlowly(sent: ReturnType<typeof request>, body: Buffer, ms: number): Promise<void> {
  const steps = 20;
  const size = Math.ceil(body.length / steps);
  for (let at = 0; at < body.length; at += size) {
    sent.write(body.subarray(at, at + size));
    await sleep(ms / steps);
  }
  sent.end();
}

/** Returns a multipart body with a small image for image-to-pdf. */
export async function smallPost() {
  const head = '--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), await jpeg(64, 64), Buffer.from('\r\n--b--\r\n')]);
  return {
    path: '/api/image-to-pdf',
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body,
  } satisfies Call;
}

export interface Outcome {
  readonly requests: Readonly<Record<string, number>>;
  /** Streams that HTTP/2 refused unprocessed because the connection ends. Clients repeat them (RFC 9113, 8.7). */
  readonly repeated: number;
  readonly failures: readonly string[];
}

/**
 * Sends steady load from clients of every kind: a new connection for each request, kept connections, HTTP/2, and POSTs
 * that create a job. Every status other than 200 is a failure. Only refused streams are repeated, on a new connection.
 */
export class Load {
  readonly #requests: Record<string, number> = {};
  readonly #failures: string[] = [];
  readonly #running: Promise<void>[] = [];
  #repeated = 0;
  #ends = false;

  constructor(readonly ca: string) {}

  async start(): Promise<void> {
    const post = await smallPost();
    const kept = (): Agent => new Agent({ ca: this.ca, keepAlive: true, maxSockets: 1 });
    const fresh = (): Agent => new Agent({ ca: this.ca, keepAlive: false, maxCachedSessions: 0 });
    for (const path of ['/health', '/version']) {
      this.#client(`new connection, GET`, this.#over(fresh(), { path }));
      this.#client(`kept connection, GET`, this.#over(kept(), { path }));
      this.#client(`HTTP/2, GET`, this.#overHttp2(path));
    }
    this.#client('kept connection, POST', this.#over(kept(), post));
    this.#client('new connection, POST', this.#over(fresh(), post));
  }

  /** Ends the load and returns its outcome. */
  async stop(): Promise<Outcome> {
    this.#ends = true;
    await Promise.all(this.#running);
    return { requests: this.#requests, repeated: this.#repeated, failures: this.#failures };
  }

  #client(kind: string, ask: () => Promise<number>): void {
    const loop = async (): Promise<void> => {
      while (!this.#ends) {
        this.#requests[kind] = (this.#requests[kind] ?? 0) + 1;
        try {
          const status = await ask();
          if (status !== 200) this.#failures.push(`${kind}: ${status}`);
        } catch (error) {
          this.#failures.push(`${kind}: ${String(error)}`);
        }
        await sleep(PAUSE_MS);
      }
    };
    this.#running.push(loop());
  }

  #over(agent: Agent, what: Call): () => Promise<number> {
    return () => call(agent, what);
  }

  #overHttp2(path: string): () => Promise<number> {
    let session: ClientHttp2Session | undefined;
    const ask = (): Promise<number> => {
      if (session === undefined || session.closed || session.destroyed) session = this.#connect();
      return overSession(session, path);
    };
    return async () => {
      for (let left = MAX_REPEATS; ; left--) {
        try {
          return await ask();
        } catch (error) {
          if (left === 0 || !String(error).includes('NGHTTP2_REFUSED_STREAM')) throw error;
          this.#repeated += 1;
          session?.close();
        }
      }
    };
  }

  #connect(): ClientHttp2Session {
    const session = connect(`https://${HOST}:${HTTPS_PORT}`, { ca: this.ca, servername: NAME });
    // The request on this session fails and is counted there.
    session.on('error', () => undefined);
    session.unref();
    return session;
  }
}

function overSession(session: ClientHttp2Session, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path, ':authority': NAME });
    let status = 0;
    stream.once('response', (headers) => (status = headers[':status'] ?? 0));
    stream.once('error', reject);
    stream.once('close', () => {
      if (status === 0) reject(new Error('closed without an answer'));
      else resolve(status);
    });
    stream.resume();
  });
}
