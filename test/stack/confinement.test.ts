import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { eventually } from '@pdf-tools/harness/processes';
import type { Findings, Tries } from '@pdf-tools/harness/probe-child';
import { call } from './client.js';
import { PROJECT, docker, inside, inspectAll, send, serviceOf } from './docker.js';

jest.setTimeout(300_000);

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROBE = '/tmp/probe';
const APP = '/app/services/worker/dist';
const READ = [
  ...['/run/secrets/redis_password', '/etc/passwd', '/etc/resolv.conf', '/proc/1/environ', '/tmp/heartbeat'],
  '/usr/local/lib/pdf-tools/children.bpf',
];
const LIST = ['/', '/run/secrets', '/data', '/tmp', '/proc'];
const WRITE = ['/', '/app', '/data', '/data/uploads', '/data/uploads/probe', '/tmp', '/run', '/dev/shm', '/var/tmp'];
const START = ['/bin/sh', '/usr/bin/env', '/usr/bin/setpriv'];
/** What repairs damaged files; without arguments it ends with its usage and this exit code. */
const REPAIR = ['/usr/bin/qpdf', '/usr/bin/prlimit'];

type Found = Findings & { readonly sandbox: string; readonly scratch: string };
let redis: string;
let found: Found;

async function probe(how: 'boxed' | 'bare'): Promise<Found> {
  const tries: Tries = {
    read: READ,
    list: [...LIST, '/data/uploads/probe', '/app/services'],
    write: [...WRITE, '/data/temp/probe'],
    lookUp: ['redis', 'example.org'],
    connect: [`${redis}:6379`, '169.254.169.254:80', '127.0.0.1:1'],
    start: [...START, ...REPAIR],
    metadata: [],
    link: [],
  };
  return JSON.parse(
    await inside('worker', `node ${PROBE}/probe-main.js ${APP} '${JSON.stringify(tries)}' ${how}`),
  ) as Found;
}

beforeAll(async () => {
  const { containers } = await inspectAll();
  const container = containers.find((each) => serviceOf(each) === 'redis');
  redis = container?.NetworkSettings.Networks[`${PROJECT}_back`]?.IPAddress ?? '';
  for (const name of ['probe-main.js', 'probe.js', 'probe-child.js'])
    await send('worker', `${PROBE}/${name}`, await readFile(`${ROOT}test/harness/dist/${name}`));
  await send('worker', `${PROBE}/package.json`, Buffer.from('{"type":"module"}'));
  found = await probe('boxed');
});

describe('a child process of the worker, from inside', () => {
  it('is in Landlock, and /version says so', async () => {
    expect(found.sandbox).toBe('landlock');
    const version = await eventually(async () => {
      const told = JSON.parse((await call('/version')).body.toString()) as { sandbox: string | null };
      return told.sandbox ?? undefined;
    }, 'a worker said so');
    expect(version).toBe('landlock');
  });

  it('has no rights, and two filters of system calls', () => {
    expect(found.status).toMatchObject({ CapEff: '0000000000000000', NoNewPrivs: '1', Seccomp: '2' });
    expect(found.status.Seccomp_filters).toBe('2');
    expect(found.limits).toMatchObject({ 'Max core file size': '0', 'Max open files': '1024' });
  });

  it('knows no secret and nothing of Redis', () => {
    expect(Object.keys(found.environment).sort()).toEqual([
      ...['MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_', 'MALLOC_TRIM_THRESHOLD_', 'OPENSSL_CONF', 'TMPDIR'],
    ]);
  });

  it.each(READ)('reads no %s', (path) => {
    expect(found.results[`read ${path}`]).toBe('EACCES');
  });

  it.each(LIST)('lists no %s', (path) => {
    expect(found.results[`list ${path}`]).toBe('EACCES');
  });

  it.each(WRITE)('writes nothing to %s', (path) => {
    expect(['EACCES', 'EROFS']).toContain(found.results[`write ${path}`]);
  });

  it.each(REPAIR)('starts %s, which repairs files', (path) => {
    expect(found.results[`start ${path}`]).not.toBe('EACCES');
  });

  it.each(START)('starts no %s', (path) => {
    expect(found.results[`start ${path}`]).toBe('EACCES');
  });

  it('finds no name and reaches no address: not Redis, not the cloud’s metadata, not itself', () => {
    for (const name of ['redis', 'example.org']) expect(found.results[`look up ${name}`]).not.toBe('ok');
    for (const target of [`${redis}:6379`, '169.254.169.254:80', '127.0.0.1:1'])
      expect(found.results[`connect ${target}`]).toBe('ENOSYS');
    expect(found.results['bind udp']).toBe('ENOSYS');
  });

  it('signals nobody', () => {
    expect(found.results['signal parent']).toBe('ENOSYS');
  });

  it('reads uploads and code, and writes to temp and its own folder', () => {
    expect(found.results).toMatchObject({ 'list /data/uploads/probe': 'ok', 'list /app/services': 'ok' });
    expect(found.results).toMatchObject({ 'write /data/temp/probe': 'ok', [`write ${found.scratch}`]: 'ok' });
  });

  it('would do all that without its box: the tries are good ones', async () => {
    const { results } = await probe('bare');
    for (const path of READ) expect(results[`read ${path}`]).toBe('ok');
    for (const path of ['/data/uploads', '/tmp']) expect(results[`write ${path}`]).toBe('ok');
    expect(results).toMatchObject({ 'look up redis': 'ok', [`connect ${redis}:6379`]: 'ok', 'signal parent': 'ok' });
    expect(results['start /bin/sh']).toBe('ok');
    // The network has no way out in any case.
    for (const name of ['look up example.org', 'connect 169.254.169.254:80']) expect(results[name]).not.toBe('ok');
  });
});

describe('the children that are at work', () => {
  it('are started so', async () => {
    const shell = 'for p in /proc/[0-9]*; do grep -aq worker/dist/chil[d].js $p/cmdline && cat $p/status; done';
    const text = await inside('worker', `${shell}; true`);
    const count = text.match(/^Name:/gm)?.length ?? 0;
    expect(count).toBeGreaterThanOrEqual(3);
    expect(text.match(/^Seccomp_filters:\t2$/gm)).toHaveLength(count);
    expect(text.match(/^NoNewPrivs:\t1$/gm)).toHaveLength(count);
  });

  it('pass the tests of the pool and of the box, in the image of the worker', async () => {
    const image = await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-worker-1`);
    const box = ['--read-only', '--tmpfs', '/tmp:mode=1777', '--cap-drop', 'ALL', '--network', 'none', '--init'];
    const options = ['--rm', '--security-opt', 'no-new-privileges', ...box, '--volume', `${ROOT}:/repo:ro`];
    const jestArgs = ['--selectProjects', 'integration', '--runInBand', '--cacheDirectory', '/tmp/jest'];
    const node = ['node', '--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...jestArgs];
    await docker('run', ...options, '--workdir', '/repo', image.trim(), ...node, 'integration/(pool|confinement)');
  });
});
