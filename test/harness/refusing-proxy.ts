import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const PROBLEM = {
  type: 'urn:pdf-tools:error:bad_gateway',
  title: 'The service closed the connection before it answered',
  status: 502,
  detail: 'Send the request again.',
  code: 'bad_gateway',
  request_id: 'f3c1a4de',
  retryable: true,
  errors: [],
};

/** A proxy before the api that refuses requests as nginx does while the api restarts. It passes on the others. */
export class RefusingProxy {
  readonly #server: Server;
  readonly #passed = new Set<string>();
  /** Requests refused so far. */
  refused = 0;

  /** Refuses the first request of each address that `isRefused` accepts. */
  constructor(
    private readonly target: string,
    private readonly isRefused: (path: string) => boolean,
  ) {
    this.#server = createServer((req, res) => {
      this.#answer(req, res);
    });
  }

  /** Listens on 127.0.0.1. Returns the origin. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    const { url = '', method, headers } = req;
    if (this.isRefused(url) && !this.#passed.has(url)) {
      this.#passed.add(url);
      this.refused++;
      req.resume().once('end', () => {
        res.writeHead(502, { 'Content-Type': 'application/problem+json', 'Retry-After': '1' });
        res.end(JSON.stringify(PROBLEM));
      });
      return;
    }
    const upstream = request(this.target + url, { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(res);
    });
    upstream.once('error', () => res.destroy());
    req.pipe(upstream);
  }
}
