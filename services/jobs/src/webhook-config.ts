import { z } from 'zod';
import { list, onOff } from '@pdf-tools/runtime/config';

const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Length of a key in bytes (Standard Webhooks specification). */
const [MIN_KEY_BYTES, MAX_KEY_BYTES] = [24, 64];
const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[^:[\]/?#@\s]+)(?::(\d{1,5}))?$/;

/** Variables of the services that accept callback URLs (api) and deliver webhooks (scheduler). */
export const webhookConfig = {
  WEBHOOK_SECRET: z
    .string()
    .refine((secrets) => list(secrets).every(isKey), 'must be whsec_ and the base64 of 24 to 64 bytes')
    .default('')
    .meta({
      description:
        'Key that signs webhooks: whsec_ and the base64 of 24 to 64 random bytes. Separate two keys by a comma during a ' +
        'rotation. Empty disables webhooks',
      secret: true,
    }),
  WEBHOOK_ALLOW_HTTP: onOff({ default: false, description: 'Also send webhooks to http URLs' }),
  WEBHOOK_ALLOWED_HOSTS: z
    .string()
    .refine((words) => list(words).every((word) => readHost(word) !== undefined), 'must be host or host:port, …')
    .default('')
    .meta({
      description: 'Hosts that may have a private address, as host or host:port, separated by commas',
    }),
  WEBHOOK_PORTS: z
    .string()
    .refine((words) => list(words).every((word) => isPort(word)), 'must be ports from 1 to 65535')
    .default('')
    .meta({
      description: 'Allowed ports for webhooks, separated by commas. Empty means 443, and 80 if http is allowed',
    }),
} as const;

/** Returns the keys of `WEBHOOK_SECRET` in their order. */
export function webhookKeys(secrets: string): Buffer[] {
  return list(secrets).map((secret) => Buffer.from(secret.slice(PREFIX.length), 'base64'));
}

/** Where webhooks may be sent. */
export interface WebhookPolicy {
  readonly allowHttp: boolean;
  readonly ports: ReadonlySet<number>;
  /** Hosts that may be private, as in a URL (`127.0.0.1`, `[::1]`, `name`), with an optional `:port`. */
  readonly allowedHosts: ReadonlySet<string>;
}

/** Returns the policy that the variables define. */
export function webhookPolicy(config: {
  WEBHOOK_ALLOW_HTTP: boolean;
  WEBHOOK_ALLOWED_HOSTS: string;
  WEBHOOK_PORTS: string;
}): WebhookPolicy {
  const allowHttp = config.WEBHOOK_ALLOW_HTTP;
  const ports = list(config.WEBHOOK_PORTS).map(Number);
  const usual = allowHttp ? [443, 80] : [443];
  return {
    allowHttp,
    ports: new Set(ports.length > 0 ? ports : usual),
    allowedHosts: new Set(list(config.WEBHOOK_ALLOWED_HOSTS).flatMap((word) => readHost(word) ?? [])),
  };
}

function isKey(secret: string): boolean {
  if (!secret.startsWith(PREFIX) || !BASE64.test(secret.slice(PREFIX.length))) return false;
  const { length } = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return length >= MIN_KEY_BYTES && length <= MAX_KEY_BYTES;
}

function isPort(word: string): boolean {
  return /^\d{1,5}$/.test(word) && Number(word) >= 1 && Number(word) <= 65_535;
}

/** Returns `host[:port]` with the host as a URL spells it, undefined if it is malformed. */
function readHost(word: string): string | undefined {
  const [, host = '', port] = HOST_AND_PORT.exec(word) ?? [];
  if (host === '' || (port !== undefined && !isPort(port))) return undefined;
  const spelled = URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname : undefined;
  return spelled === undefined || port === undefined ? spelled : `${spelled}:${Number(port)}`;
}
