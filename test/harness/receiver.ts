import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One webhook as it came in. */
export interface Received {
  readonly at: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks on 127.0.0.1 that keeps what it gets and answers with the given statuses, then 200. */
export class Receiver {
  readonly received: Received[] = [];
  readonly #statuses = new Map<string, number[]>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const receiver = new Receiver(server, (server.address() as AddressInfo).port);
    server.on('request', (req, res) => {
      const path = req.url ?? '';
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        receiver.received.push({ at: Date.now(), path, headers: req.headers, body });
        const status = receiver.#statuses.get(path)?.shift() ?? 200;
        // With 0 the receiver does not answer.
        if (status !== 0) res.writeHead(status).end('noted');
      });
    });
    return receiver;
  }

  /** Answers to the next webhooks at `path`; 0 for none at all. */
  answer(path: string, ...statuses: number[]): string {
    this.#statuses.set(path, statuses);
    return `http://127.0.0.1:${this.port}${path}`;
  }

  at(path: string): Received[] {
    return this.received.filter((each) => each.path === path);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** True for a webhook that was signed with this `whsec_` secret, as a receiver after the specification checks it. */
export function isSignedWith(secret: string, { headers, body }: Received): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  const recent = Math.abs(Date.now() / 1_000 - Number(headers['webhook-timestamp'])) < 300;
  return recent && String(headers['webhook-signature']).split(' ').includes(expected);
}
