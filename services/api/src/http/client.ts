import { createHash } from 'node:crypto';
import { clientNetwork } from '@pdf-tools/runtime/ip-address';

/**
 * Returns the client that fair queueing and limits count, which is the API key, or without keys the address (for IPv6
 * its /64). It is a hash, so that records hold no addresses.
 */
export function clientOf(owner: string, address: string): string {
  const who = owner === '' ? `address ${clientNetwork(address)}` : `key ${owner}`;
  return createHash('sha256').update(who).digest('base64url').slice(0, 22);
}
