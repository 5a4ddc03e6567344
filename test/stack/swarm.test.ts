import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SECRETS = [
  ...['api', 'worker', 'scheduler', 'health', 'operator'].map((user) => `redis_${user}_password`),
  ...['admin_key', 'api_keys', 'webhook_secret'],
];

interface Mount {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly tmpfs?: { readonly size: number };
}
/** What the tests read of a service, in Compose and in the stack. */
interface Service {
  readonly [key: string]: unknown;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly image: string;
  readonly user: string;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly Mount[];
  readonly secrets?: readonly { readonly source: string; readonly target: string }[];
  readonly tmpfs?: readonly string[];
  readonly configs?: readonly { readonly target: string }[];
  readonly ports?: readonly Readonly<Record<string, unknown>>[];
  readonly deploy?: Readonly<Record<string, unknown>>;
}
interface Project {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly name: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean; readonly driver: string }>>;
}

let folder: string;
let written: string;
let stack: Project;
let services: Project['services'];

function environment(): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '' } = process.env;
  const nfs = { NFS_OPTIONS: 'addr=192.0.2.1', NFS_PATH: '/export' };
  return { PATH, HOME, SERVER_NAME: 'pdf.example.org', SECRETS_DIR: folder, ...nfs };
}

function writeStack(...files: string[]): string {
  return execFileSync(process.execPath, ['scripts/swarm-stack.mjs', ...files], {
    cwd: ROOT,
    env: { ...environment(), REGISTRY: 'registry.example.org/' },
    encoding: 'utf8',
  });
}

const parse = (text: string): Project => JSON.parse(text.slice(text.indexOf('\n{') + 1)) as Project;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pdf-tools-swarm-'));
  for (const name of SECRETS) writeFileSync(join(folder, name), `value of ${name}`);
  written = writeStack();
  stack = parse(written);
  const files = ['docker-compose.yml', 'docker-compose.prod.yml'].flatMap((file) => ['-f', file]);
  const options = { cwd: ROOT, env: environment(), encoding: 'utf8' } as const;
  const config = execFileSync('docker', ['compose', ...files, 'config', '--format', 'json'], options);
  services = (JSON.parse(config) as Project).services;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const NAMES = ['nginx', 'certbot', 'api', 'worker', 'scheduler', 'redis'];

function pairOf(name: string): { compose: Service; swarm: Service } {
  const [compose, swarm] = [services[name], stack.services[name]];
  if (!compose || !swarm) throw new Error(`there is no service ${name}`);
  return { compose, swarm };
}

/** Settings that the stack has in the same words as Compose. */
const SAME = ['cap_drop', 'read_only', 'init', 'stop_grace_period', 'healthcheck', 'logging', 'networks', 'sysctls'];
/** Settings that Swarm ignores or refuses. */
const LOST = ['security_opt', 'memswap_limit', 'cpu_shares', 'group_add', 'depends_on'];
/** Settings that the stack has in other words, which the tests below compare. */
const TRANSLATED = [
  ...[
    'image',
    'build',
    'user',
    'environment',
    'command',
    'entrypoint',
    'ports',
    'volumes',
    'tmpfs',
    'secrets',
    'ulimits',
  ],
  ...['deploy', 'restart', 'mem_limit', 'cpus', 'pids_limit'],
];

it('the stack file is accepted by Docker', () => {
  const file = join(folder, 'stack.yml');
  writeFileSync(file, written);
  const { status, stderr } = spawnSync('docker', ['stack', 'config', '--compose-file', file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

it('the stack file names at its top what Swarm loses, for each service', () => {
  expect(Object.keys(services).sort()).toEqual([...NAMES].sort());
  for (const setting of LOST) {
    const affected = NAMES.filter((name) => setting in pairOf(name).compose).sort();
    const line = new RegExp(`^# - ${setting} \\((.*)\\): .`, 'm').exec(written);
    // The group of Redis is replaced in compose/swarm.yml.
    expect(line?.[1]?.split(', ').sort()).toEqual(
      affected.filter((name) => setting !== 'group_add' || name === 'nginx'),
    );
    for (const name of NAMES) expect(pairOf(name).swarm).not.toHaveProperty(setting);
  }
});

describe.each(NAMES)('the service %s of the stack', (name) => {
  it('has no setting of Compose that is neither kept, translated nor named as lost', () => {
    const known = new Set([...SAME, ...LOST, ...TRANSLATED]);
    expect(Object.keys(pairOf(name).compose).filter((key) => !known.has(key))).toEqual([]);
  });

  it('keeps the hardening, networks and health check', () => {
    const { compose, swarm } = pairOf(name);
    for (const key of SAME) expect([key, swarm[key]]).toEqual([key, compose[key]]);
    expect(swarm.user).toBe(name === 'nginx' ? '101:10001' : compose.user);
    expect(swarm.ulimits).toEqual({ nofile: 16_384, core: 0 });
  });

  it('keeps the limits', () => {
    const { compose, swarm } = pairOf(name);
    const limits = { cpus: String(compose.cpus), memory: compose.mem_limit, pids: compose.pids_limit };
    expect(swarm.deploy?.resources).toEqual({ limits });
  });

  it('keeps the settings and the program', () => {
    const { compose, swarm } = pairOf(name);
    const given = Object.entries(compose.environment ?? {}).filter(([, value]) => value !== null);
    // Redis may run on another node, so there is no socket.
    const address = 'REDIS_URL' in Object.fromEntries(given) ? { REDIS_URL: 'redis://redis:6379/0' } : {};
    expect(swarm.environment ?? {}).toEqual({ ...Object.fromEntries(given), ...address });
    const command = name === 'redis' ? ['--dir', '/data'] : compose.command;
    expect([swarm.command ?? null, swarm.entrypoint ?? null]).toEqual([command, compose.entrypoint]);
    expect(swarm.image).toBe(compose.build ? `registry.example.org/${compose.image}` : compose.image);
  });

  it('keeps the volumes, temporary folders, files and secrets', () => {
    const { compose, swarm } = pairOf(name);
    const { tmpfs = [], secrets = [] } = compose;
    const volumes = (compose.volumes ?? []).filter(({ source }) => source !== 'redis-socket');
    const { volumes: mounts = [], configs = [], secrets: files = [] } = swarm;
    expect(mounts.filter(({ type }) => type === 'volume')).toEqual(volumes.filter(({ type }) => type === 'volume'));
    const folders = mounts.filter(({ type }) => type === 'tmpfs');
    expect(folders.map(({ target, tmpfs: it }) => `${target}:size=${(it?.size ?? 0) / 2 ** 20}m`)).toEqual(
      tmpfs.map((entry) => entry.split(',')[0]),
    );
    expect(configs.map(({ target }) => target)).toEqual(
      volumes.filter(({ type }) => type === 'bind').map(({ target }) => target),
    );
    const [uid, gid] = swarm.user.split(':');
    expect(files.map(({ source, target }) => [source, target])).toEqual(
      secrets.map(({ source, target }) => [source, target.split('/').at(-1)]),
    );
    for (const secret of files) expect(secret).toMatchObject({ uid, gid, mode: 0o440 });
  });

  it('is updated one task at a time, and an update that fails is undone', () => {
    const { deploy = {} } = pairOf(name).swarm;
    const order = ['api', 'scheduler'].includes(name) ? 'start-first' : 'stop-first';
    expect(deploy.update_config).toMatchObject({ parallelism: 1, order, failure_action: 'rollback' });
    expect(deploy.endpoint_mode).toBe('dnsrr');
  });
});

it('the networks of the stack are as isolated as those of Compose', () => {
  const internal = Object.entries(stack.networks).filter(([, network]) => network.internal === true);
  expect(internal.map(([name]) => name).sort()).toEqual(['back', 'front']);
  for (const { driver } of Object.values(stack.networks)) expect(driver).toBe('overlay');
});

it('only nginx publishes ports, and not that of operators, because Swarm cannot bind it to the loopback interface', () => {
  const published = NAMES.flatMap((name) => (pairOf(name).swarm.ports ?? []).map((port) => ({ name, ...port })));
  expect(published).toMatchObject([
    { name: 'nginx', target: 8080, published: 80, mode: 'host' },
    { name: 'nginx', target: 8443, published: 443, mode: 'host' },
  ]);
});

it('a stack with an outside Redis has no Redis of its own, and no secret that is not set', () => {
  const url = 'rediss://redis.example.org:6379/0';
  const env = { ...environment(), REDIS_URL: url, REDIS_CA: join(folder, 'admin_key'), REDIS_SENTINELS: 'a:1,b:2' };
  const options = { cwd: ROOT, env, encoding: 'utf8' } as const;
  const text = execFileSync(process.execPath, ['scripts/swarm-stack.mjs', 'compose/external-redis.yml'], options);
  const { services: outside, secrets } = parse(text);
  expect(Object.keys(outside)).not.toContain('redis');
  expect(secrets).toHaveProperty('redis_ca');
  expect(secrets).not.toHaveProperty('redis_sentinel_password');
  for (const name of ['api', 'worker', 'scheduler']) {
    const { environment: set, networks, secrets: files = [] } = outside[name] ?? {};
    expect(set).toMatchObject({ REDIS_URL: url, REDIS_CA_FILE: '/run/secrets/redis_ca', REDIS_SENTINELS: 'a:1,b:2' });
    expect(set?.REDIS_SENTINEL_PASSWORD_FILE).toBe('');
    expect(Object.keys(networks ?? {})).toContain('egress');
    expect(files.map(({ source }) => source)).toContain('redis_ca');
    expect(files.map(({ source }) => source)).not.toContain('redis_sentinel_password');
  }
});

it('a stack with an object storage has a volume for files in transit on each node', () => {
  const secrets = mkdtempSync(join(folder, 's3-'));
  for (const name of [...SECRETS, 's3_access_key_id', 's3_secret_access_key'])
    writeFileSync(join(secrets, name), 'value');
  const env = { ...environment(), SECRETS_DIR: secrets, S3_ENDPOINT: 'https://s3.example.org', S3_BUCKET: 'files' };
  const files = ['compose/s3.yml', 'compose/swarm-s3.yml'];
  const options = { cwd: ROOT, env, encoding: 'utf8' } as const;
  const { services: outside, volumes } = parse(
    execFileSync(process.execPath, ['scripts/swarm-stack.mjs', ...files], options),
  );
  expect(volumes.data).toEqual({ name: 'pdf-tools_data', driver: 'local' });
  expect(volumes.certificates).toHaveProperty('driver_opts.type', 'nfs');
  expect(outside.worker?.environment).toMatchObject({ STORAGE: 's3', S3_BUCKET: 'files' });
});

it('an empty secret, which Swarm refuses, is reported with what to do', () => {
  const secrets = mkdtempSync(join(folder, 'empty-'));
  for (const name of SECRETS) writeFileSync(join(secrets, name), name === 'api_keys' ? '' : 'value');
  const { status, stderr, stdout } = spawnSync(process.execPath, ['scripts/swarm-stack.mjs'], {
    cwd: ROOT,
    env: { ...environment(), SECRETS_DIR: secrets },
    encoding: 'utf8',
  });
  expect(stderr).toContain(`Write a line break into it: echo >${join(secrets, 'api_keys')}`);
  expect([status, stdout]).toEqual([1, '']);
});

it('a changed secret gets another name, so that a deployment replaces it', () => {
  appendFileSync(join(folder, 'admin_key'), ', changed');
  const { secrets } = parse(writeStack());
  const changed = Object.keys(secrets).filter((key) => secrets[key]?.name !== stack.secrets[key]?.name);
  expect(changed).toEqual(['admin_key']);
  expect(JSON.stringify(secrets)).not.toContain('value of');
});
