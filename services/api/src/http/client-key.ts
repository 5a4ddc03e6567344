import type { Request, Response } from 'express';
import { clientOf } from './client.js';
import { contextOf } from './context.js';

/** Returns the client that limits count, which is its API key, or without keys its address (for IPv6 its /64). */
export function clientKey(req: Request, res: Response): string {
  const context = contextOf(res);
  return (context.client ??= clientOf(context.owner, req.ip ?? ''));
}
