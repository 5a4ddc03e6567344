import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeyLimits } from './api-keys.js';

/** What is known of a call while it is served. */
export interface CallContext {
  readonly requestId: string;
  readonly startedAt: number;
  /** Name of the API key; empty where the API has no keys. */
  owner: string;
  /** Limits of that key alone. */
  limits: KeyLimits;
  /** The job it is about, for the log. */
  jobId: string | undefined;
  /** Its span, for what it causes; undefined where calls are not traced. */
  traceparent: string | undefined;
  /** The code of the problem that it was answered with, for the log. */
  code: string | undefined;
  /** Clients ask this again and again: where all went well, its log line is one for those who debug. */
  routine: boolean;
}

const contexts = new WeakMap<ServerResponse, CallContext>();

/** Starts the context of a call. */
export function openContext(req: IncomingMessage, res: ServerResponse): CallContext {
  const context: CallContext = {
    requestId: requestIdOf(req),
    startedAt: performance.now(),
    owner: '',
    limits: {},
    jobId: undefined,
    traceparent: undefined,
    code: undefined,
    routine: false,
  };
  contexts.set(res, context);
  return context;
}

/** The context of a call that `openContext` has seen. */
export function contextOf(res: ServerResponse): CallContext {
  const context = contexts.get(res);
  if (!context) throw new Error('the call has no context');
  return context;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's X-Request-Id where it is well-formed, else a new one. */
export function requestIdOf(req: IncomingMessage): string {
  const given = req.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
