import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, statfsSync } from 'node:fs';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
import { TestStack } from '@pdf-tools/harness/stack';

jest.setTimeout(120_000);

const MIB = 2 ** 20;
/** Size of the upload disk, and the free space that uploads must leave. */
const DISK = 96 * MIB;
const RESERVE = 32 * MIB;

let stack: TestStack;
let secondPort: number;
/** Path of the disk in the api's mount namespace. */
let uploads: string;

beforeAll(async () => {
  stack = await TestStack.start([], { DISK_RESERVE_BYTES: String(RESERVE) });
  secondPort = await freePort();
  const mount = `mount -t tmpfs -o size=${DISK},mode=0755 tmpfs "$0" && exec "$@"`;
  const first = await stack.startService('api', ['unshare', '-rm', 'sh', '-c', mount, stack.storage.uploads]);
  const inside = ['nsenter', '-t', String(first.pid), '-U', '-m', '--preserve-credentials'];
  await stack.startService('api', inside, { PORT: String(secondPort) });
  await eventually(async () => (await fetch(`http://127.0.0.1:${secondPort}/livez`)).ok, 'second replica');
  stack.processes.set('first api', first);
  uploads = `/proc/${first.pid}/root${stack.storage.uploads}`;
});
afterAll(() => stack.stop());

const HEAD = Buffer.from(
  '--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n',
);
const TAIL = Buffer.from('\r\n--b--\r\n');
const CHUNK = randomBytes(256 * 1024);

interface SlowUpload {
  readonly call: ClientRequest;
  readonly status: Promise<number>;
}

/** Starts an upload of a PDF and sends only its head. `announced`: with a Content-Length. `client`: 1 to 254. */
function begin(port: number, mib: number, { announced = true, client = 1 } = {}): SlowUpload {
  const length = HEAD.length + mib * MIB + TAIL.length;
  const headers = {
    'Content-Type': 'multipart/form-data; boundary=b',
    ...(announced ? { 'Content-Length': length } : { 'Transfer-Encoding': 'chunked' }),
  };
  const call = request({
    port,
    host: '127.0.0.1',
    localAddress: `127.0.0.${client}`,
    method: 'POST',
    path: '/api/merge-pdf?async=true',
    headers,
  });
  const status = once(call, 'response').then(([response]) => {
    const answer = response as IncomingMessage;
    answer.resume();
    return answer.statusCode ?? 0;
  });
  status.catch(() => undefined);
  // After an early response, the rest of the body meets a closed connection.
  call.on('error', () => undefined);
  call.write(HEAD);
  return { call, status };
}

/** Sends the rest. Resolves with the status, even if the body was refused. */
async function complete({ call, status }: SlowUpload, mib: number): Promise<number> {
  for (let sent = 0; sent < mib * MIB && !call.destroyed; sent += CHUNK.length) {
    if (!call.write(CHUNK)) await Promise.race([once(call, 'drain').catch(() => undefined), status, sleep(5_000)]);
  }
  call.end(TAIL);
  return status;
}

/** Uploads as ten clients at the same time. Returns the statuses and the least free space seen in the meantime. */
async function flood(ports: readonly number[], mib: number, announced: boolean) {
  let least = Infinity;
  const watch = setInterval(() => {
    least = Math.min(least, free());
  }, 2);
  try {
    const open = Array.from({ length: 10 }, (_none, i) =>
      begin(ports[i % ports.length] ?? 0, mib, { announced, client: i + 1 }),
    );
    await sleep(300);
    const statuses = await Promise.all(open.map((upload) => complete(upload, mib)));
    return { least, statuses };
  } finally {
    clearInterval(watch);
  }
}

function free(): number {
  const { bavail, bsize } = statfsSync(uploads);
  return bavail * bsize;
}

/** Waits until the disk is empty, after every job was deleted and every refused upload was removed. */
async function empty(): Promise<void> {
  for (const id of await stack.redis.zRange('pdf:queued', 0, -1))
    await fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE' });
  await eventually(() => Promise.resolve(readdirSync(uploads).length === 0), 'nothing left behind');
  // The api's view of the queue may be a second old.
  await sleep(1_100);
}

describe('ten uploads at once', () => {
  it('are admitted as long as the reserve stays free', async () => {
    const { statuses, least } = await flood([stack.apiPort], 18, true);
    expect(statuses.filter((status) => status === 202)).toHaveLength(3);
    expect(statuses.filter((status) => status === 507)).toHaveLength(7);
    expect(least).toBeGreaterThanOrEqual(RESERVE);
    expect(await stack.redis.zCard('pdf:queued')).toBe(3);
    await empty();
  });

  it('stop at the reserve if none has a Content-Length', async () => {
    const { statuses, least } = await flood([stack.apiPort], 18, false);
    expect(statuses.every((status) => status === 202 || status === 507)).toBe(true);
    expect(statuses).toContain(507);
    expect(least).toBeGreaterThan(RESERVE - 10 * MIB);
    await empty();
  });

  it('leave half of the reserve to others even if two replicas admit them', async () => {
    const { statuses, least } = await flood([stack.apiPort, secondPort], 18, true);
    expect(statuses.every((status) => status === 202 || status === 507)).toBe(true);
    expect(statuses).toContain(507);
    expect(least).toBeGreaterThan(RESERVE / 2 - 10 * MIB);
    await empty();
  });
});

describe('a client with slow uploads', () => {
  it('leaves half of the room to another client', async () => {
    const statuses: number[] = [];
    const slow = Array.from({ length: 10 }, () => begin(stack.apiPort, 18));
    for (const { status } of slow) void status.then((answer) => statuses.push(answer)).catch(() => undefined);
    await eventually(() => Promise.resolve(statuses.length === 9), 'all uploads but one are refused');
    expect(statuses).toEqual(Array(9).fill(429));
    expect(await complete(begin(stack.apiPort, 18, { client: 2 }), 18)).toBe(202);
    for (const { call } of slow) call.destroy();
    await empty();
  });
});

describe('an upload that breaks off', () => {
  it('releases its reservation', async () => {
    const slow = begin(stack.apiPort, 45);
    await sleep(300);
    const refused = begin(stack.apiPort, 45);
    expect(await refused.status).toBe(507);
    refused.call.destroy();
    slow.call.destroy();
    await eventually(async () => {
      const upload = begin(stack.apiPort, 45);
      const status = await Promise.race([upload.status, sleep(300).then(() => 0)]);
      if (status !== 507) return (await complete(upload, 45)) === 202;
      upload.call.destroy();
      return false;
    }, 'accepted');
    await empty();
  });
});
