import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { eventually } from '../support/processes.js';
import { TestStack } from '../support/stack.js';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start([]);
});
afterAll(() => stack.stop());

/** Stands before Redis and breaks the first connection on which somebody subscribes, before Redis has heard of it. */
class BreakingProxy {
  readonly #server: Server;
  broken = 0;

  constructor(redisPort: number) {
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

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}/0`;
  }

  close(): void {
    this.#server.close();
  }

  #pass(bytes: Buffer, redis: Socket, close: () => void): void {
    if (this.broken === 0 && /\r\nSUBSCRIBE\r\n/i.test(bytes.toString('latin1'))) {
      this.broken++;
      close();
    } else redis.write(bytes);
  }
}

describe('a connection to Redis that breaks while a service subscribes', () => {
  it.each([
    ['worker', 'pdf:stop'],
    ['api', 'pdf:events'],
  ] as const)('does not end the %s, which subscribes again', async (service, channel) => {
    const proxy = new BreakingProxy(stack.redisPort);
    const started = await stack.startService(service, [], { REDIS_URL: await proxy.listen() });
    await eventually(
      async () => (await stack.redis.pubSubNumSub([channel]))[channel] === 1,
      `a listener on ${channel}`,
    );
    expect(proxy.broken).toBe(1);
    expect(started.lines.map(({ message }) => message)).toContain('redis did not answer; trying again');
    await started.stop();
    proxy.close();
  });
});
