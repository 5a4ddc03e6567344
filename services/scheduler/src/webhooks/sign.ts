import { createHmac } from 'node:crypto';

/** The signed parts of a webhook. `timestamp` is the time of the attempt in seconds since the epoch. */
export interface Message {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/** Returns the headers of the Standard Webhooks specification, with one signature per key. */
export function signatureHeaders({ id, timestamp, body }: Message, keys: readonly Buffer[]): Record<string, string> {
  const content = `${id}.${timestamp}.${body}`;
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
