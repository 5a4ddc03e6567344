import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { CallbackRefused, readCallback } from '@pdf-tools/jobs/callback-url';
import type { Callback } from '@pdf-tools/jobs/callback-url';
import { isPublicAddress } from '@pdf-tools/runtime/ip-address';
import type { WebhookPolicy } from '@pdf-tools/jobs/webhook-config';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Resolves a name to all its addresses. Rejects if it has none. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/** A callback URL that passed all checks, and the only addresses that may be connected to. */
export interface Target extends Callback {
  readonly addresses: readonly ResolvedAddress[];
}

/**
 * Checks a callback URL and resolves its name once. Throws `CallbackRefused` if the URL is not allowed, or if only one of
 * several addresses is not public, because a resolver that mixes them is not trustworthy.
 */
export async function findTarget(text: string, policy: WebhookPolicy, resolve: Resolve): Promise<Target> {
  const callback = readCallback(text, policy);
  const { host, mayBePrivate } = callback;
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  if (addresses.length === 0) throw new CallbackRefused('must have an address');
  if (!mayBePrivate && !addresses.every(({ address }) => isPublicAddress(address)))
    throw new CallbackRefused('must have a public address');
  return { ...callback, addresses };
}

/** Returns a lookup function that always answers with the checked addresses, so that no resolver is asked again. */
export function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
