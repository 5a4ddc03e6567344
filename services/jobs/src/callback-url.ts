import { isIP } from 'node:net';
import { isPublicAddress } from '@pdf-tools/runtime/ip-address';
import type { WebhookPolicy } from './webhook-config.js';

/** Maximum length of a callback URL in characters. */
export const MAX_CALLBACK_URL = 2_000;

/** A callback URL that is not allowed. The message completes a sentence for the client, such as `must …`. */
export class CallbackRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CallbackRefused';
  }
}

/** A callback URL that is allowed by its spelling. The addresses of its name are not checked yet. */
export interface Callback {
  readonly url: URL;
  /** Host without brackets and trailing dots, as a resolver expects it. */
  readonly host: string;
  readonly port: number;
  /** The operator allows a private address for this host. */
  readonly mayBePrivate: boolean;
}

/**
 * Parses a callback URL and checks everything that needs no resolver. Throws `CallbackRefused`. The WHATWG parser turns
 * decimal, hexadecimal, octal, full-width and percent-encoded hosts into plain addresses, so that the checked host is the
 * one that is connected to.
 */
export function readCallback(text: string, policy: WebhookPolicy): Callback {
  if (text.length > MAX_CALLBACK_URL) throw new CallbackRefused(`must have at most ${MAX_CALLBACK_URL} characters`);
  // The WHATWG parser drops tabs and line breaks and converts backslashes. Other parsers read such a URL differently.
  if (/[\s\p{Cc}\\]/u.test(text) || !URL.canParse(text)) throw new CallbackRefused('must be an absolute URL');
  const url = new URL(text);
  checkScheme(url, policy);
  if (url.username !== '' || url.password !== '') throw new CallbackRefused('must have no user name or password in it');
  url.hash = '';
  const callback = locate(url, policy);
  checkHost(callback, policy);
  return callback;
}

function checkScheme({ protocol }: URL, { allowHttp }: WebhookPolicy): void {
  if (protocol === 'https:' || (allowHttp && protocol === 'http:')) return;
  throw new CallbackRefused(allowHttp ? 'must be an https or http address' : 'must be an https address');
}

function locate(url: URL, { allowedHosts, ports }: WebhookPolicy): Callback {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const spelled = url.hostname.replace(/\.+$/, '');
  const host = spelled.replace(/^\[|\]$/g, '');
  const mayBePrivate = allowedHosts.has(`${spelled}:${port}`) || (allowedHosts.has(spelled) && ports.has(port));
  return { url, host, port, mayBePrivate };
}

function checkHost({ host, port, mayBePrivate }: Callback, { ports }: WebhookPolicy): void {
  if (host === '') throw new CallbackRefused('must have a host');
  if (mayBePrivate) return;
  if (!ports.has(port)) throw new CallbackRefused(`must have one of the ports ${[...ports].join(', ')}`);
  const isPrivate = isIP(host) === 0 ? isLocalName(host) : !isPublicAddress(host);
  if (isPrivate) throw new CallbackRefused('must have a public address');
}

/** Whether a name is reserved for this host or this network (RFC 6761, RFC 6762, the private-use TLD). */
function isLocalName(host: string): boolean {
  return /(?:^|\.)(?:localhost|local|internal)$/.test(host);
}
