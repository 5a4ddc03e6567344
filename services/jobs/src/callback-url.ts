import { isIP } from 'node:net';
import { isPublicAddress } from '@pdf-tools/runtime/ip-address';
import type { WebhookPolicy } from './webhook-config.js';

/** Most characters of a callback address. */
export const LONGEST_CALLBACK_URL = 2_000;

/** An address that no webhook is sent to. The message is written for the client: `must …`. */
export class CallbackRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CallbackRefused';
  }
}

/** An address that webhooks may be sent to, as far as its spelling tells. */
export interface Callback {
  readonly url: URL;
  /** The host as a resolver takes it: without brackets and trailing dots. */
  readonly host: string;
  readonly port: number;
  /** The operator lets this host be private. */
  readonly mayBePrivate: boolean;
}

/**
 * Reads an address and judges all that can be judged without resolving its name. Throws `CallbackRefused`. The WHATWG
 * parser has turned hosts in decimal, hexadecimal, octal, full-width or percent-encoded spelling into plain addresses,
 * so that what is judged here is what is connected to.
 */
export function readCallback(text: string, policy: WebhookPolicy): Callback {
  if (text.length > LONGEST_CALLBACK_URL)
    throw new CallbackRefused(`must have at most ${LONGEST_CALLBACK_URL} characters`);
  // The parser drops tabs and line breaks and turns backslashes: what other parsers read otherwise is not read at all.
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

/** Names that by definition mean this host or this network (RFC 6761, RFC 6762, the private-use TLD). */
function isLocalName(host: string): boolean {
  return /(?:^|\.)(?:localhost|local|internal)$/.test(host);
}
