import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { eventually } from '@pdf-tools/harness/processes';
import type { Findings, Tries } from '@pdf-tools/harness/probe-child';
import { call } from './client.js';
import { PROJECT, docker, inside, inspectAll, send, serviceOf } from './docker.js';

jest.setTimeout(300_000);

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROBE = '/tmp/probe';
/** The socket of Redis in the containers of the services. */
const SOCKET = '/run/redis/redis.sock';
const READ = [
  ...['/run/secrets/redis_password', '/etc/passwd', '/etc/resolv.conf', '/proc/1/environ', '/tmp/heartbeat'],
  ...['/usr/local/lib/pdf-tools/children.bpf', '/data/uploads/probe/0', '/data/temp/probe/0', 'OTHER/in/0'],
];
const LIST = [
  ...['/', '/run/secrets', '/data', '/tmp', '/proc', '/data/uploads', '/data/temp', '/data/slots', '/data/slots/probe'],
  ...['/data/uploads/probe', '/data/temp/probe', 'OTHER/in', 'OTHER/out', 'OTHER/scratch'],
];
const WRITE = [
  ...['/', '/app', '/data', '/tmp', '/run', '/dev/shm', '/var/tmp'],
  ...['/data/uploads', '/data/uploads/probe', '/data/temp', '/data/temp/probe', '/data/slots'],
  ...['OTHER/in', 'OTHER/out', 'OTHER/scratch', 'SLOT', 'SLOT/in'],
];
const START = [
  '/bin/sh',
  '/usr/bin/env',
  '/usr/bin/setpriv',
  '/usr/bin/qpdf',
  '/usr/bin/prlimit',
  '/usr/local/bin/node',
];

type Found = Findings & { readonly sandbox: string };
let redis: string;
let found: Found;

async function probe(how: 'confined' | 'bare'): Promise<Found> {
  const tries: Tries = {
    read: [...READ, 'SLOT/in/0'],
    list: [...LIST, 'SLOT/in', 'SLOT/out', 'SLOT/scratch'],
    write: [...WRITE, 'SLOT/out', 'SLOT/scratch'],
    metadata: ['SLOT/scratch'],
    link: [['SLOT/in/0', 'SLOT/out/0']],
    lookUp: ['redis', 'example.org'],
    connect: [`${redis}:6379`, SOCKET, '169.254.169.254:80', '127.0.0.1:1'],
    start: START,
  };
  return JSON.parse(await inside('worker', `node ${PROBE}/probe-main.js '${JSON.stringify(tries)}' ${how}`)) as Found;
}

/** Bundles the probe with the code of the worker, because an image holds bundles only. */
async function sendProbe(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ['probe-main', 'probe-child'].map((name) => `${ROOT}test/harness/dist/${name}.js`),
    outdir: PROBE,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  for (const { path, contents } of outputFiles) await send('worker', path, Buffer.from(contents));
  await send('worker', `${PROBE}/package.json`, Buffer.from('{"type":"module"}'));
}

beforeAll(async () => {
  const { containers } = await inspectAll();
  const container = containers.find((each) => serviceOf(each) === 'redis');
  redis = container?.NetworkSettings.Networks[`${PROJECT}_back`]?.IPAddress ?? '';
  await sendProbe();
  found = await probe('confined');
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

  it.each(START)('starts no %s', (path) => {
    expect(found.results[`start ${path}`]).toBe('EPERM');
  });

  it('finds no name and reaches no address: not Redis by its port or socket, not the cloud’s metadata, not itself', () => {
    for (const name of ['redis', 'example.org']) expect(found.results[`look up ${name}`]).not.toBe('ok');
    for (const target of [`${redis}:6379`, SOCKET, '169.254.169.254:80', '127.0.0.1:1'])
      expect(found.results[`connect ${target}`]).toBe('ENOSYS');
    expect(found.results['bind udp']).toBe('ENOSYS');
  });

  it('cannot signal other processes', () => {
    expect(found.results['signal parent']).toBe('ENOSYS');
  });

  it('changes no metadata, not even of its own files, and watches no folder', () => {
    for (const call of ['chmod in', 'chown in', 'utimes in', 'watch'])
      expect([call, found.results[`${call} SLOT/scratch`]]).toEqual([call, 'EPERM']);
  });

  it('changes no priority', () => {
    // Node's code for any error of this call.
    expect(found.results['priority of self']).toBe('ERR_SYSTEM_ERROR');
  });

  it('reads its inputs, and writes to the two other folders of its slot', () => {
    expect(found.results).toMatchObject({ 'read SLOT/in/0': 'ok', 'list SLOT/in': 'ok' });
    expect(found.results).toMatchObject({ 'write SLOT/out': 'ok', 'write SLOT/scratch': 'ok' });
    expect(found.results['link SLOT/in/0 to SLOT/out/0']).toBe('EXDEV');
  });

  it('would do all that without confinement: the tries are good ones', async () => {
    const { results } = await probe('bare');
    for (const path of READ) expect([path, results[`read ${path}`]]).toEqual([path, 'ok']);
    for (const path of ['/data/uploads', '/data/slots', '/tmp', 'OTHER/in', 'SLOT/in'])
      expect([path, results[`write ${path}`]]).toEqual([path, 'ok']);
    expect(results).toMatchObject({ 'look up redis': 'ok', 'signal parent': 'ok' });
    for (const target of [`${redis}:6379`, SOCKET]) expect(results[`connect ${target}`]).toBe('ok');
    for (const call of ['chmod in', 'chown in', 'utimes in', 'watch'])
      expect(results[`${call} SLOT/scratch`]).toBe('ok');
    expect(results).toMatchObject({ 'priority of self': 'ok', 'start /bin/sh': 'ok' });
    // The network has no way out in any case.
    for (const name of ['look up example.org', 'connect 169.254.169.254:80']) expect(results[name]).not.toBe('ok');
  });
});

describe('the system call filter', () => {
  const FILTER = '/usr/local/lib/pdf-tools/children.bpf';

  /** Programs that make one call each; the filter is loaded in front of them. Each prints what it could do. */
  it.each([
    ['System V shared memory', 'ipcmk --shmem 4096'],
    ['System V message queues', 'ipcmk --queue'],
    ['System V semaphores', 'ipcmk --semaphore 1'],
    ['the limits of another process', 'prlimit --pid 1'],
    ['another scheduler', 'chrt --batch 0 true'],
    ['other processors', 'taskset 1 true'],
    ['another priority of input and output', 'ionice --class 3 true'],
    ['a new namespace', 'unshare --user true'],
    ['a new process', 'sh -c "true & wait && /bin/true; exit $?"'],
  ])('refuses %s', async (_what, command) => {
    const under = `setpriv --no-new-privs --seccomp-filter ${FILTER}`;
    const status = await inside('worker', `${under} ${command} >/dev/null 2>&1; echo $?`);
    expect(Number(status)).toBeGreaterThan(0);
  });

  it('lets a process read its own limits and start threads', async () => {
    const script = "new (require('node:worker_threads').Worker)('0', { eval: true }).on('exit', console.log)";
    const under = `setpriv --no-new-privs --seccomp-filter ${FILTER}`;
    expect(await inside('worker', `${under} prlimit --nofile --noheadings --output SOFT`)).toMatch(/\d/);
    expect(await inside('worker', `${under} node -e "${script}"`)).toBe('0\n');
  });
});

describe('the running children', () => {
  it('are started so', async () => {
    const shell = 'for p in /proc/[0-9]*; do grep -aq app/chil[d].js $p/cmdline && cat $p/status; done';
    const text = await inside('worker', `${shell}; true`);
    const count = text.match(/^Name:/gm)?.length ?? 0;
    expect(count).toBeGreaterThanOrEqual(4);
    expect(text.match(/^Seccomp_filters:\t2$/gm)).toHaveLength(count);
    expect(text.match(/^NoNewPrivs:\t1$/gm)).toHaveLength(count);
  });

  it('pass the tests of the pool and of the confinement, in the image of the worker', async () => {
    const image = await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-worker-1`);
    const box = ['--read-only', '--tmpfs', '/tmp:mode=1777', '--cap-drop', 'ALL', '--network', 'none', '--init'];
    const options = ['--rm', '--security-opt', 'no-new-privileges', ...box, '--volume', `${ROOT}:/repo:ro`];
    const jestArgs = ['--selectProjects', 'integration', '--runInBand', '--cacheDirectory', '/tmp/jest'];
    const node = ['node', '--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...jestArgs];
    await docker('run', ...options, '--workdir', '/repo', image.trim(), ...node, 'integration/(pool|confinement)');
  });
});
