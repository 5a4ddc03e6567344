import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { eventually } from '@pdf-tools/harness/processes';
import { PROJECT, docker, inside, inspectAll, serviceOf } from './docker.js';
import type { Container } from './docker.js';

jest.setTimeout(180_000);

const SERVICES = ['api', 'nginx', 'redis', 'scheduler', 'worker'];
let containers: Container[];
let text: string;

beforeAll(async () => {
  // Another suite may have restarted a container a moment ago.
  ({ containers, text } = await eventually(async () => {
    const found = await inspectAll();
    return found.containers.every(({ State }) => State.Health.Status === 'healthy') && found;
  }, 'all healthy'));
});

function container(service: string): Container {
  const found = containers.find((candidate) => serviceOf(candidate) === service);
  if (!found) throw new Error(`no container of ${service}`);
  return found;
}

describe.each(SERVICES)('the container of %s', (service) => {
  it('is healthy and runs only this service', () => {
    expect(containers.map(serviceOf).sort()).toEqual(SERVICES);
    expect(container(service).State.Health.Status).toBe('healthy');
  });

  it('has no privileges', async () => {
    const { Config, HostConfig } = container(service);
    expect(Config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      CapAdd: null,
      Init: true,
    });
    expect(HostConfig.SecurityOpt).toEqual(['no-new-privileges:true']);
    const status = await inside(service, 'cat /proc/self/status');
    expect(status).toMatch(/CapEff:\t0+\n/);
    expect(status).toMatch(/NoNewPrivs:\t1\n/);
    expect(status).toMatch(/Seccomp:\t2\n/);
    await expect(inside(service, 'touch /etc/x')).rejects.toThrow('Read-only file system');
  });

  it('has limits of memory, processes and log size', () => {
    const { HostConfig } = container(service);
    expect(HostConfig.Memory).toBeGreaterThan(0);
    expect(HostConfig.MemorySwap).toBe(HostConfig.Memory);
    expect(HostConfig.PidsLimit).toBeGreaterThan(0);
    expect(HostConfig.LogConfig.Config).toMatchObject({ 'max-size': '10m' });
  });
});

describe('the networks', () => {
  it('publish only nginx, on the loopback interface', () => {
    for (const service of SERVICES) {
      const bindings = Object.values(container(service).NetworkSettings.Ports).flatMap((ports) => ports ?? []);
      expect(bindings).toEqual(service === 'nginx' ? [{ HostIp: '127.0.0.1' }] : []);
    }
  });

  it('connect only nginx and what it needs, and give the others no way out', async () => {
    expect(Object.keys(container('nginx').NetworkSettings.Networks).sort()).toEqual([
      `${PROJECT}_edge`,
      `${PROJECT}_front`,
    ]);
    for (const name of ['front', 'back']) {
      expect(await docker('network', 'inspect', '--format', '{{.Internal}}', `${PROJECT}_${name}`)).toBe('true\n');
    }
    await expect(inside('nginx', 'getent hosts redis')).rejects.toThrow();
  });
});

describe('Redis in the stack', () => {
  it('does not reveal its passwords', async () => {
    const folder = process.env.SECRETS_DIR ?? '.run/secrets';
    for (const user of ['api', 'worker', 'scheduler', 'health', 'operator']) {
      const password = (await readFile(`${folder}/redis_${user}_password`, 'utf8')).trim();
      expect(password.length).toBeGreaterThan(20);
      expect(text).not.toContain(password);
      expect(await docker('history', '--no-trunc', 'redis:8.0')).not.toContain(password);
    }
  });

  it('refuses clients without a password, and dangerous commands from services', async () => {
    expect(await inside('redis', 'redis-cli ping')).toContain('NOAUTH');
    for (const user of ['api', 'worker', 'scheduler', 'health']) {
      const login = `REDISCLI_AUTH=$(cat /run/secrets/redis_${user}_password) redis-cli --user ${user}`;
      expect(await inside('redis', `${login} ping`)).toContain('PONG');
      for (const command of ['FLUSHALL', "KEYS '*'", 'CONFIG GET dir', 'SHUTDOWN', 'GET other'])
        expect(await inside('redis', `${login} ${command}`)).toContain('NOPERM');
    }
  });

  it('loses no acknowledged write', async () => {
    const login = 'REDISCLI_AUTH=$(cat /run/secrets/redis_operator_password) redis-cli --user operator';
    const settings = await inside('redis', `${login} CONFIG GET 'append*' && ${login} CONFIG GET 'maxmemory*'`);
    expect(settings).toContain('appendonly\nyes');
    expect(settings).toContain('appendfsync\nalways');
    expect(settings).toContain('maxmemory-policy\nnoeviction');
    expect(settings).toContain(`maxmemory\n${Math.floor((256 * 1024 * 1024 * 2) / 5)}`);
  });
});

describe('the data volume', () => {
  it('is owned by the services, and nginx can only read it', async () => {
    expect(await inside('api', 'stat -c "%u:%g %a" /data')).toBe('10001:10001 2750\n');
    await expect(inside('nginx', 'touch /data/temp/x')).rejects.toThrow('Read-only file system');
  });
});
