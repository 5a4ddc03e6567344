import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * A proxy before Redis that breaks a connection if `breaks` returns true for what was sent on it. Redis does not get
 * that.
 */
export class RedisProxy {
  readonly #server: Server;
  /** Connections broken so far. */
  broken = 0;

  constructor(
    redisPort: number,
    private readonly breaks: (sent: string) => boolean,
  ) {
    this.#server = createServer((client) => {
      const redis = connect(redisPort, '127.0.0.1');
      const close = (): void => {
        client.destroy();
        redis.destroy();
      };
      for (const socket of [client, redis]) socket.on('error', close).on('close', close);
      redis.pipe(client);
      client.on('data', (bytes) => {
        this.#pass(bytes, redis, close);
      });
    });
  }

  /** Listens; the URL for the setting REDIS_URL. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}/0`;
  }

  close(): void {
    this.#server.close();
  }

  #pass(bytes: Buffer, redis: Socket, close: () => void): void {
    if (this.breaks(bytes.toString('latin1'))) {
      this.broken++;
      close();
    } else redis.write(bytes);
  }
}
