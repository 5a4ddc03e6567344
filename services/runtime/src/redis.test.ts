import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { sendOnce } from './redis.js';
import { RedisTimeout } from './redis-timeout.js';

describe('sendOnce', () => {
  it('closes its connection to a server that does not reply in time', async () => {
    const server = createServer((socket) => socket.resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const closed = connected.then(([socket]) => once(socket, 'close'));
    await expect(sendOnce({ url: `redis://127.0.0.1:${port}` }, ['PING'], 200)).rejects.toThrow(RedisTimeout);
    await closed;
    server.close();
  });
});
