import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { WebhookPolicy } from '@pdf-tools/jobs/webhook-config';
import { findTarget, pinned } from './address.js';
import type { Resolve, Target } from './address.js';

const CONNECT_MS = 5_000;
/** Resolving, connecting and waiting for the response. */
const TOTAL_MS = 15_000;
/** Part of the response body that is read and discarded. */
const MAX_BODY_BYTES = 65_536;
const BODY_MS = 2_000;

export interface SendOptions {
  readonly policy: WebhookPolicy;
  /** Aborts the attempt. */
  readonly signal: AbortSignal;
  readonly resolve?: Resolve;
  /** Certificate authorities that replace the default ones. */
  readonly ca?: string | Buffer;
}

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Posts a body and resolves with the status of the response. It connects only to the addresses that were checked. It
 * follows no redirect and returns its status, as the Standard Webhooks specification demands. Rejects with
 * `CallbackRefused`, or with the reason why there was no response in time.
 */
export async function sendPost(post: Post, options: SendOptions): Promise<number> {
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  const timer = setTimeout(abort, TOTAL_MS);
  options.signal.addEventListener('abort', abort);
  if (options.signal.aborted) abort();
  try {
    const { policy, resolve = resolveAll, ca } = options;
    const target = await unlessAborted(findTarget(post.url, policy, resolve), stop.signal);
    return await postOnce(target, post, { signal: stop.signal, ca });
  } catch (error) {
    throw stop.signal.aborted ? new Error('no response in time', { cause: error }) : error;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
  }
}

function resolveAll(host: string) {
  return lookup(host, { all: true, order: 'verbatim' });
}

/** Rejects on abort. The system's resolver cannot be interrupted, so its result is ignored then. */
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
    // A new connection, because another one may lead to an address that was not checked for this URL.
    agent: false,
    lookup: pinned(addresses),
    headers: { ...headers, host: url.host, 'content-length': String(Buffer.byteLength(body)), connection: 'close' },
    signal,
  };
  const secure = { ...options, ...(ca !== undefined && { ca }), servername: isIP(host) === 0 ? host : '' };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps(secure) : requestHttp(options);
    limitConnectTime(request, url.protocol === 'https:' ? 'secureConnect' : 'connect');
    request.once('response', (response) => {
      discard(response);
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.once('close', () => {
      reject(new Error('closed without a response'));
    });
    request.end(body);
  });
}

function limitConnectTime(request: ClientRequest, connected: 'connect' | 'secureConnect'): void {
  const timer = setTimeout(() => {
    request.destroy(new Error(`no connection within ${CONNECT_MS} ms`));
  }, CONNECT_MS);
  const done = (): void => {
    clearTimeout(timer);
  };
  request.once('socket', (socket) => socket.once(connected, done));
  request.once('close', done);
}

/** Reads a response to its end within limits, so that the receiver can finish writing it. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  const timer = setTimeout(() => response.destroy(), BODY_MS);
  response.once('close', () => {
    clearTimeout(timer);
  });
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
}
