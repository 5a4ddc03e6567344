import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { JobStore, newJobId } from '@pdf-tools/jobs/store';
import { LANES } from '@pdf-tools/jobs/lanes';
import { createLogger } from '@pdf-tools/runtime/logger';
import { connectRedis, createRedis } from '@pdf-tools/runtime/redis';
import type { Redis, RedisSettings } from '@pdf-tools/runtime/redis';
import { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import { eventually } from '@pdf-tools/harness/processes';
import { TestStack } from '@pdf-tools/harness/stack';

const SERVICES = ['api', 'worker', 'scheduler'] as const;

let stack: TestStack;
const clients = new Map<string, Redis>();

async function login(name: string, settings: RedisSettings): Promise<void> {
  const client = createRedis(settings, createLogger({ service: 'test', level: 'error' }));
  await connectRedis(client);
  clients.set(name, client);
}

beforeAll(async () => {
  stack = await TestStack.start([]);
  for (const user of [...SERVICES, 'health'] as const) await login(user, stack.server.settingsOf(user));
});
afterAll(async () => {
  for (const client of clients.values()) client.destroy();
  await stack.stop();
});

const WORKER = {
  ...{ name: 'w', host: 'h', pid: 1, version: '1', started_at: 0, concurrency: 2, sandbox: 'none' as const },
  ...{ jobs_done: 0, children: [] },
};

function clientOf(user: string): Redis {
  const client = clients.get(user);
  if (!client) throw new Error(`${user} is not logged in`);
  return client;
}

/** Returns `ok`, or the first word of the error that Redis answers to a user's command. */
async function answer(user: string, ...command: string[]): Promise<string> {
  try {
    await clients.get(user)?.sendCommand(command);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? (error.message.split(' ')[0] ?? '') : String(error);
  }
}

describe.each(SERVICES)('Redis obeys the %s', (user) => {
  it.each([
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['CONFIG', 'GET', 'dir'],
    ['CONFIG', 'SET', 'dir', '/tmp'],
    ['SHUTDOWN', 'NOSAVE'],
    ['ACL', 'LIST'],
    ['ACL', 'SETUSER', 'api', 'on', '+@all'],
    ['CLIENT', 'LIST'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['MODULE', 'LIST'],
    ['REPLICAOF', '127.0.0.1', '1'],
    ['MONITOR'],
    ['SAVE'],
    ['BGREWRITEAOF'],
    ['SCRIPT', 'FLUSH'],
    ['FUNCTION', 'LIST'],
    ['SORT', 'pdf:queued'],
    ['MIGRATE', '127.0.0.1', '1', 'x', '0', '1'],
  ])('not in %s %s', async (...command) => {
    expect(await answer(user, ...command.filter((word) => typeof word === 'string'))).toBe('NOPERM');
  });

  it('only on the product’s keys and channels, also in scripts', async () => {
    expect(await answer(user, 'GET', 'other')).toBe('NOPERM');
    expect(await answer(user, 'SET', 'pdf', 'x')).toBe('NOPERM');
    expect(await answer(user, 'GET', 'bq:other:id')).toBe('NOPERM');
    expect(await answer(user, 'PUBLISH', 'other', 'x')).toBe('NOPERM');
    for (const call of ["'GET', 'other'", "'FLUSHALL'", "'KEYS', '*'"])
      expect(await answer(user, 'EVAL', `return redis.call(${call})`, '0')).not.toBe('ok');
    expect(await answer(user, 'EVAL', "return redis.call('ZCARD', 'pdf:active')", '0')).toBe('ok');
  });
});

it('the users are generated from the keys and the scripts of each service', () => {
  const script = fileURLToPath(new URL('../../../scripts/redis-acl.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

describe('Redis obeys', () => {
  it.each([
    ['api', ['ZRANK', 'pdf:lane:small', 'x'], 'ok'],
    ['worker', ['ZRANK', 'pdf:lane:small', 'x'], 'NOPERM'],
    ['worker', ['GET', 'pdf:rate:x'], 'NOPERM'],
    ['worker', ['GET', 'pdf:idempotency:x'], 'NOPERM'],
    ['scheduler', ['GET', 'pdf:rate:x'], 'NOPERM'],
    ['scheduler', ['GET', 'pdf:worker:x'], 'ok'],
    ['scheduler', ['SET', 'pdf:worker:x', '1'], 'NOPERM'],
    ['scheduler', ['ZREM', 'pdf:workers', 'x'], 'NOPERM'],
    ['scheduler', ['GET', 'pdf:vtime'], 'NOPERM'],
    ['scheduler', ['PUBLISH', 'pdf:stop', 'x'], 'NOPERM'],
    ['worker', ['GET', 'pdf:tombstone:x'], 'NOPERM'],
    ['api', ['GET', 'pdf:vtime'], 'ok'],
    ['api', ['GET', 'pdf:other'], 'NOPERM'],
    ['scheduler', ['SUBSCRIBE', 'pdf:events'], 'NOPERM'],
    ['api', ['BRPOPLPUSH', 'bq:pdf:waiting', 'bq:pdf:active', '1'], 'NOPERM'],
    ['api', ['SMEMBERS', 'bq:pdf:stalling'], 'NOPERM'],
    ['health', ['PING'], 'ok'],
    ['health', ['GET', 'pdf:vtime'], 'NOPERM'],
    ['health', ['INFO'], 'NOPERM'],
  ] as const)('the %s in %j: %s', async (user, command, expected) => {
    expect(await answer(user, ...command)).toBe(expected);
  });

  it('each service in every script that changes a job', async () => {
    const [api, worker, scheduler] = SERVICES.map((user) => new JobStore(clientOf(user))) as [
      JobStore,
      JobStore,
      JobStore,
    ];
    const error = { code: 'worker_crashed', detail: 'gone' } as const;
    const accept = async (): Promise<string> => {
      const job = { operation: 'merge-pdf', params: {}, inputs: [], owner: '', client: 'c', output_name: 'x.pdf' };
      const id = newJobId();
      expect(await api.accept({ ...job, id, request_id: 'r', retain: 0 })).toMatchObject({ outcome: 'accepted' });
      return id;
    };
    const claim = async (): Promise<string> => {
      const id = await accept();
      expect(await worker.claim({ worker: 'w', leaseMs: 1, lanes: LANES, running: ['c'] })).toMatchObject({
        claim: { id },
      });
      return id;
    };
    const done = await claim();
    expect(await worker.succeed(done, 1, { fence: 1, bytes: 1, pages: 9, sha256: 'x', report: {} }, 9)).toBe(true);
    expect(await worker.failAttempt(await claim(), 1, 1, error)).toBe('failed');
    expect(await worker.defer({ id: await claim(), fence: 1 }, undefined, 'waiting', error)).toBe('failed');
    const interrupted = await claim();
    await eventually(async () => (await scheduler.stalled(10)).includes(interrupted), 'the lease has run out');
    expect(await scheduler.recover(interrupted, 0, error)).toBe('failed');
    expect(await scheduler.expireQueued(await accept(), -1, error)).toBe(true);
    expect(await api.cancel(await accept())).toBe('cancelled');
    expect(await scheduler.promoteDelayed(10)).toBe(0);
    expect(await scheduler.notifyOverdue(0, 10)).toBe(0);
    expect(await scheduler.recountClients()).toBe(false);
    await stack.redis.hSet('pdf:client-jobs', { c: 1 });
    expect(await scheduler.recountClients()).toBe(true);
    expect(await scheduler.expireResult(done)).toBe(true);
    expect((await scheduler.headroom()).clients.size).toBe(0);
    expect((await api.headroom()).memoryShare).toBeGreaterThan(0);
    await new WorkerRegistry(clientOf('worker')).register(WORKER);
    expect((await new WorkerRegistry(clientOf('api')).live(2)).map(({ details }) => details)).toEqual([WORKER]);
  });

  it('no client without a login or with another user’s password', async () => {
    const { password = '' } = stack.server.settingsOf('api');
    for (const user of ['worker', 'operator', 'default'])
      expect(await answer('health', 'AUTH', user, password)).toBe('WRONGPASS');
    expect(await answerWithoutLogin('PING')).toMatch(/^-NOAUTH/);
    expect(await answerWithoutLogin('GET pdf:vtime')).toMatch(/^-NOAUTH/);
  });
});

/** Returns the answer to a connection that has not logged in. */
function answerWithoutLogin(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(stack.redisPort, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
}
