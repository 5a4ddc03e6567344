import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { WebhookPolicy } from '@pdf-tools/jobs/webhook-config';
import { findTarget, pinned } from './address.js';
import type { Resolve, Target } from './address.js';

const CONNECT_MS = 5_000;
/** Resolving, connecting and answering. */
const WHOLE_MS = 15_000;
/** What is read of an answer, and thrown away. */
const MOST_ANSWER_BYTES = 65_536;
const ANSWER_MS = 2_000;

export interface SendOptions {
  readonly policy: WebhookPolicy;
  /** Ends the attempt early. */
  readonly signal: AbortSignal;
  readonly resolve?: Resolve;
  /** Certificate authorities instead of the usual ones. */
  readonly ca?: string | Buffer;
}

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Posts a body and resolves with the status of the answer. The address is judged, and connected to as it was judged. A
 * redirect is followed nowhere: its status is an answer like any other that is not 2xx, as the Standard Webhooks
 * specification has it. Rejects with `CallbackRefused`, or with what kept an answer from coming in time.
 */
export async function sendPost(post: Post, options: SendOptions): Promise<number> {
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  const timer = setTimeout(abort, WHOLE_MS);
  options.signal.addEventListener('abort', abort);
  if (options.signal.aborted) abort();
  try {
    const { policy, resolve = resolveAll, ca } = options;
    const target = await unlessAborted(findTarget(post.url, policy, resolve), stop.signal);
    return await postOnce(target, post, { signal: stop.signal, ca });
  } catch (error) {
    throw stop.signal.aborted ? new Error('no answer in time', { cause: error }) : error;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
  }
}

function resolveAll(host: string) {
  return lookup(host, { all: true, order: 'verbatim' });
}

/** The system's resolver cannot be interrupted: it is left behind. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new Error('aborted'));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

function postOnce(
  target: Target,
  { headers, body }: Post,
  { signal, ca }: { signal: AbortSignal; ca: string | Buffer | undefined },
): Promise<number> {
  const { url, host, port, addresses } = target;
  const options: RequestOptions = {
    method: 'POST',
    host,
    port,
    path: `${url.pathname}${url.search}`,
    // Its own connection, which no other webhook's address was checked for.
    agent: false,
    lookup: pinned(addresses),
    headers: { ...headers, host: url.host, 'content-length': String(Buffer.byteLength(body)), connection: 'close' },
    signal,
  };
  const secure = { ...options, ...(ca !== undefined && { ca }), servername: isIP(host) === 0 ? host : '' };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps(secure) : requestHttp(options);
    boundConnecting(request, url.protocol === 'https:' ? 'secureConnect' : 'connect');
    request.once('response', (response) => {
      discard(response);
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.once('close', () => {
      reject(new Error('closed without an answer'));
    });
    request.end(body);
  });
}

function boundConnecting(request: ClientRequest, connected: 'connect' | 'secureConnect'): void {
  const timer = setTimeout(() => {
    request.destroy(new Error(`no connection within ${CONNECT_MS} ms`));
  }, CONNECT_MS);
  const done = (): void => {
    clearTimeout(timer);
  };
  request.once('socket', (socket) => socket.once(connected, done));
  request.once('close', done);
}

/** Reads an answer to its end within bounds, so that a receiver that writes one is not cut off. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  const timer = setTimeout(() => response.destroy(), ANSWER_MS);
  response.once('close', () => {
    clearTimeout(timer);
  });
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
}
