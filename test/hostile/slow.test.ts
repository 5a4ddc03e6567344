import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { eventually } from '@pdf-tools/harness/processes';
import { STACK_URL, call, form, jobView, untilEnded } from '../stack/client.js';

jest.setTimeout(300_000);

const { hostname, port, host } = new URL(STACK_URL);
/** nginx's limit of open requests per address (limits-on.conf). */
const MAX_OPEN = 100;
const TOO_MANY = 10;
/** Slower than the rate limit, so that only the number of connections causes refusals. */
const BETWEEN_MS = 150;
/** Longer than the pause after which nginx closes the connection of a reader (send_timeout). */
const SILENCE_MS = 45_000;

const sockets: Socket[] = [];
afterAll(() => {
  for (const socket of sockets) socket.destroy();
});

/** A connection that has sent something, and the bytes it has received. */
class Connection {
  readonly socket: Socket = connect(Number(port), hostname);
  received = 0;
  head = '';
  closed = false;

  constructor(text: string, { reads = true } = {}) {
    sockets.push(this.socket);
    if (reads) this.read();
    this.socket.on('error', () => undefined).on('close', () => (this.closed = true));
    this.socket.write(text);
  }

  read(): void {
    this.socket.on('data', (part) => {
      this.received += part.length;
      if (this.head.length < 100) this.head += part.toString('latin1');
    });
  }
}

describe('one address', () => {
  it('can open requests up to its limit, and further ones once some are closed', async () => {
    const unended = `POST /api/merge-pdf HTTP/1.1\r\nHost: ${host}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000\r\n\r\n--b`;
    const open: Connection[] = [];
    for (let i = 0; i < MAX_OPEN + TOO_MANY; i++) {
      open.push(new Connection(unended));
      // Each continues its body, so that no time-out ends it.
      for (const { socket } of open) if (socket.writable) socket.write('-');
      await sleep(BETWEEN_MS);
    }
    const refused = (): Connection[] => open.filter(({ head }) => head.startsWith('HTTP/1.1 429 '));
    await eventually(() => Promise.resolve(refused().length >= TOO_MANY), 'those above the limit are refused');
    expect(refused()).toHaveLength(TOO_MANY);
    expect(open.filter(({ head }) => head === '')).toHaveLength(MAX_OPEN);
    // The limit does not apply to probes.
    expect((await fetch(`${STACK_URL}/health`)).status).toBe(200);
    for (const { socket } of open) socket.destroy();
    await eventually(async () => (await fetch(`${STACK_URL}/api/limits`)).status === 200, 'served again');
  });
});

describe('a client that stops reading a result', () => {
  it('is disconnected, and one that reads gets the whole result', async () => {
    // Larger than the kernel's buffers on the way, which Docker's proxy doubles.
    const size = { width: 4_400, height: 3_500, channels: 3 } as const;
    const noise = await sharp(randomBytes(size.width * size.height * size.channels), { raw: size })
      .png()
      .toBuffer();
    const body = form({ async: 'true' }, [['files', 'noise.png', noise]]);
    const answer = await call('/api/image-to-pdf', { method: 'POST', body });
    const { id } = jobView.parse(JSON.parse(answer.body.toString()));
    const bytes = (await untilEnded(id)).result?.bytes ?? 0;
    expect(bytes).toBeGreaterThan(40_000_000);
    const path = `/api/jobs/${id}/result`;
    expect((await call(path)).body.length).toBe(bytes);
    const reader = new Connection(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, { reads: false });
    await sleep(SILENCE_MS);
    reader.read();
    await eventually(() => Promise.resolve(reader.closed), 'closed');
    expect(reader.received).toBeLessThan(bytes);
    await call(`/api/jobs/${id}`, { method: 'DELETE' });
  });
});
