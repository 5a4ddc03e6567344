import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeyLimits } from './api-keys.js';

/** Facts about a request while it is served. */
export interface CallContext {
  readonly requestId: string;
  readonly startedAt: number;
  /** Name of the API key. Empty if the API has no keys. */
  owner: string;
  /** Limits of that key. */
  limits: KeyLimits;
  /** The client that limits count, once `clientKey` has derived it. */
  client: string | undefined;
  /** Id of its job, for the log. */
  jobId: string | undefined;
  /** The parent span of its work. Undefined if requests are not traced. */
  traceparent: string | undefined;
  /** Error code of its response, for the log. */
  code: string | undefined;
  /** Clients repeat such requests, so a successful one is logged at level debug. */
  routine: boolean;
}

const contexts = new WeakMap<ServerResponse, CallContext>();

/** Creates the context of a request. */
export function openContext(req: IncomingMessage, res: ServerResponse): CallContext {
  const context: CallContext = {
    requestId: requestIdOf(req),
    startedAt: performance.now(),
    owner: '',
    limits: {},
    client: undefined,
    jobId: undefined,
    traceparent: undefined,
    code: undefined,
    routine: false,
  };
  contexts.set(res, context);
  return context;
}

/** Returns the context that `openContext` created. */
export function contextOf(res: ServerResponse): CallContext {
  const context = contexts.get(res);
  if (!context) throw new Error('the call has no context');
  return context;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Returns the X-Request-Id of the client if it is well-formed, otherwise a new one. */
export function requestIdOf(req: IncomingMessage): string {
  const given = req.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
