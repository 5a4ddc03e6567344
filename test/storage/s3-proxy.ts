import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Transform } from 'node:stream';
import { ENDPOINT } from './bucket.js';

/** A request to the object storage: its method, and its path without the query. */
interface S3Request {
  readonly method: string;
  readonly path: string;
}

/** A proxy before the object storage that alters answers and refuses requests. */
export class S3Proxy {
  /** Connections that clients have opened so far. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly requests: S3Request[] = [];
  /** Runs before a request is passed on. */
  before: (request: S3Request) => Promise<void> = () => Promise.resolve();
  /** Requests whose answers get one wrong byte. */
  corrupts: (request: S3Request) => boolean = () => false;
  /** Requests whose connection is closed before the storage gets them. */
  breaks: (request: S3Request) => boolean = () => false;
  /** Requests whose connection is closed when the storage has carried them out. */
  losesAnswer: (request: S3Request) => boolean = () => false;
  /** Requests that get NoSuchUpload, as from a storage that forgets an upload when it is complete. */
  forgets: (request: S3Request) => boolean = () => false;

  private constructor() {
    this.#server = createServer((req, res) => {
      void this.#pass(req, res);
    });
    this.#server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<S3Proxy> {
    const proxy = new S3Proxy();
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { method = '', url = '' } = req;
    const described = { method, path: url.split('?')[0] ?? '' };
    this.requests.push(described);
    if (this.breaks(described)) {
      req.socket.destroy();
      return;
    }
    if (this.forgets(described)) {
      res.writeHead(404).end('<Error><Code>NoSuchUpload</Code></Error>');
      return;
    }
    await this.before(described);
    // The Host header stays, because the client has signed it.
    const { hostname, port } = new URL(ENDPOINT);
    const forwarded = request({ hostname, port, method, path: url, headers: req.headers }, (answer) => {
      if (this.losesAnswer(described)) {
        answer.resume().once('end', () => req.socket.destroy());
        return;
      }
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(this.corrupts(described) ? flipFirstBit() : passOn()).pipe(res);
    });
    forwarded.on('error', () => res.destroy());
    req.pipe(forwarded);
  }
}

function passOn(): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => {
      done(null, chunk);
    },
  });
}

/** Changes one bit and keeps the length, as a storage that lost track of its parts does. */
function flipFirstBit(): Transform {
  let isDone = false;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      if (!isDone && chunk.length > 0) {
        chunk[0] = (chunk[0] ?? 0) ^ 1;
        isDone = true;
      }
      done(null, chunk);
    },
  });
}
