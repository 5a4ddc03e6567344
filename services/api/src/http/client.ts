import { createHash } from 'node:crypto';
import { clientNetwork } from '@pdf-tools/runtime/ip-address';

/**
 * Who a call counts for in fair queueing and in the limits of one client: its API key, else its address, of IPv6 the /64.
 * It is a hash, so that records hold no addresses.
 */
export function clientOf(owner: string, address: string): string {
  const who = owner === '' ? `address ${clientNetwork(address)}` : `key ${owner}`;
  return createHash('sha256').update(who).digest('base64url').slice(0, 22);
}
