import { clientNetwork } from '@pdf-tools/shared/ip-address';
import type { Request, Response } from 'express';
import { contextOf } from './context.js';

/** Returns the client that limits count: its API key, or without keys its address (for IPv6 its /64). */
export function clientKey(req: Request, res: Response): string {
  const { owner } = contextOf(res);
  return owner === '' ? clientNetwork(req.ip ?? '') : `key:${owner}`;
}
