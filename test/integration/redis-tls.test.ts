import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { RedisGroup } from '@pdf-tools/harness/redis-group';
import type { GroupTls } from '@pdf-tools/harness/redis-group';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
let group: RedisGroup;
let tls: GroupTls;

/** Makes an authority of its own, and a certificate that it signs for `localhost` and 127.0.0.1. */
function makeCertificate(folder: string, name: string): GroupTls {
  const path = (kind: string): string => join(folder, `${name}-${kind}`);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-subj', `/CN=${name}`, '-keyout', path('ca.key'), '-out', path('ca.crt'));
  openssl('req', ...key, '-subj', '/CN=redis', '-keyout', path('redis.key'), '-out', path('redis.csr'));
  writeFileSync(path('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const authority = ['-CA', path('ca.crt'), '-CAkey', path('ca.key'), '-CAcreateserial'];
  openssl('x509', '-req', '-in', path('redis.csr'), ...authority, '-extfile', path('names'), '-out', path('redis.crt'));
  return { caFile: path('ca.crt'), certFile: path('redis.crt'), keyFile: path('redis.key') };
}

beforeAll(async () => {
  stack = await TestStack.start([]);
  tls = makeCertificate(stack.folder, 'ours');
  group = await RedisGroup.start(stack.folder, { replicas: 1, tls });
});
afterAll(async () => {
  await group.stop();
  await stack.stop();
});
afterEach(async () => {
  for (const service of ['api', 'worker']) await stack.processes.get(service)?.stop();
});

async function runJob(): Promise<string> {
  const body = form([{ name: 'a.jpg', bytes: await jpeg() }]);
  const { id } = await json<Job>(await fetch(`${stack.url}/api/image-to-pdf?async=true`, { method: 'POST', body }));
  return eventually(async () => {
    const { status } = await json<Job>(await fetch(`${stack.url}/api/jobs/${id}`));
    return !['queued', 'active'].includes(status) && status;
  }, 'the end of a job');
}

describe('Redis over TLS', () => {
  it('runs jobs for services that trust its authority', async () => {
    for (const service of ['api', 'worker'] as const) await stack.startService(service, [], group.directEnvironment);
    expect(await runJob()).toBe('succeeded');
  });

  it('runs jobs for services that ask Sentinels over TLS', async () => {
    for (const service of ['api', 'worker'] as const) await stack.startService(service, [], group.environment);
    expect(await runJob()).toBe('succeeded');
  });

  it.each(['directEnvironment', 'environment'] as const)(
    'is not used if another authority is trusted (%s)',
    async (environment) => {
      const { caFile } = makeCertificate(stack.folder, 'other');
      const worker = stack.startService('worker', [], { ...group[environment], REDIS_CA_FILE: caFile });
      worker.catch(() => undefined);
      await eventually(
        () => Promise.resolve(/unable to verify|certificate/.test(stack.process('worker').output)),
        'a refused certificate',
      );
      expect(stack.process('worker').output).not.toContain('worker ready');
    },
  );
});
