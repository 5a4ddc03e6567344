import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brokenRules, composeConfig } from './compose-rules.js';
import type { ComposeConfig, ComposeService } from './compose-rules.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Returns the merged configuration of the files, without the variables of this shell. */
async function configOf(...files: readonly string[]): Promise<ComposeConfig> {
  const settings = { SERVER_NAME: 'pdf.example.org', SECRETS_DIR: '/secrets', COMPOSE_DISABLE_ENV_FILE: '1' };
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...settings };
  const args = ['compose', ...files.flatMap((file) => ['--file', file]), 'config', '--format', 'json'];
  const { stdout } = await run('docker', args, { cwd: ROOT, env, maxBuffer: 2 ** 24 });
  return composeConfig.parse(JSON.parse(stdout));
}

let development: ComposeConfig;
let production: ComposeConfig;

beforeAll(async () => {
  development = await configOf('docker-compose.yml');
  production = await configOf('docker-compose.yml', 'docker-compose.prod.yml');
});

describe('the Compose files', () => {
  it('follow every rule with Prometheus added', async () => {
    for (const production of [false, true]) {
      const files = [
        'docker-compose.yml',
        ...(production ? ['docker-compose.prod.yml'] : []),
        'compose/monitoring.yml',
      ];
      const watched = await configOf(...files);
      expect(Object.keys(watched.services)).toContain('grafana');
      expect(brokenRules(watched, production)).toEqual([]);
      if (watched.networks.watch) watched.networks.watch.internal = false;
      expect(brokenRules(watched, production)).toEqual(['watch: internal']);
    }
  });

  it('follow every rule', () => {
    expect(brokenRules(development, false)).toEqual([]);
    expect(brokenRules(production, true)).toEqual([]);
  });

  it.each<[string, string, (service: ComposeService) => void]>([
    ['worker', '4.1', (service) => (service.user = '0:0')],
    ['worker', '4.1', (service) => (service.user = 'node')],
    ['api', '5.3', (service) => (service.cap_drop = [])],
    ['api', '5.3', (service) => (service.cap_add = ['NET_ADMIN'])],
    ['redis', '5.4', (service) => (service.privileged = true)],
    ['api', '5.5', (service) => service.volumes?.push({ type: 'bind', source: '/etc', target: '/x' })],
    ['api', '5.5', (service) => service.volumes?.push({ type: 'bind', source: '/run/docker.sock', read_only: true })],
    ['worker', '5.9', (service) => (service.network_mode = 'host')],
    ['worker', '5.10', (service) => (service.memswap_limit = '-1')],
    ['worker', '5.10', (service) => delete service.mem_limit],
    ['scheduler', '5.11', (service) => delete service.cpus],
    ['scheduler', '5.12', (service) => delete service.read_only],
    ['nginx', '5.13', (service) => delete service.ports?.[0]?.host_ip],
    ['redis', '5.14', (service) => (service.restart = 'no')],
    ['nginx', '5.15', (service) => (service.pid = 'host')],
    ['worker', '5.17', (service) => (service.devices = ['/dev/fuse'])],
    ['worker', '5.18', (service) => delete service.ulimits?.core],
    ['worker', '5.18', (service) => service.ulimits && (service.ulimits.core = 1)],
    ['worker', '5.21', (service) => service.security_opt?.push('seccomp=unconfined')],
    ['worker', '5.21', (service) => (service.security_opt = [])],
    ['redis', '5.26', (service) => (service.healthcheck = { disable: true })],
    ['redis', '5.27', (service) => (service.image = 'redis:latest')],
    ['redis', '5.27', (service) => (service.image = 'redis')],
    ['redis', '5.28', (service) => delete service.pids_limit],
    ['redis', 'init', (service) => (service.init = false)],
    ['worker', 'small folders', (service) => (service.tmpfs = ['/tmp:size=256m'])],
    ['worker', 'small folders', (service) => (service.tmpfs = [])],
    ['worker', 'logs', (service) => delete service.logging],
    ['worker', 'time to stop', (service) => (service.stop_grace_period = '5m0s')],
    ['api', 'time to stop', (service) => delete service.stop_grace_period],
    ['api', 'no secret', (service) => service.environment && (service.environment.REDIS_PASSWORD = 'x')],
    ['redis', 'no port', (service) => (service.ports = [{ host_ip: '127.0.0.1' }])],
    ['worker', 'its networks', (service) => service.networks && (service.networks.egress = null)],
    ['redis', 'its networks', (service) => service.networks && (service.networks.front = null)],
  ])('with a weaker %s would break %s', (name, rule, weaken) => {
    const copy = structuredClone(production);
    const service = copy.services[name];
    if (!service) throw new Error(`no service ${name}`);
    weaken(service);
    const broken = brokenRules(copy, true).filter((each) => !each.startsWith('all: '));
    expect(broken).toEqual([expect.stringContaining(`${name}: ${rule}`)]);
  });

  it('would break rules with an open network or more memory', () => {
    const open = structuredClone(production);
    open.networks.back = {};
    expect(brokenRules(open, true)).toEqual(['back: internal']);
    const large = structuredClone(production);
    for (const each of Object.values(large.services)) each.deploy = { replicas: 3 };
    expect(brokenRules(large, true)).toEqual(['all: 3,648 MB of memory']);
  });

  it.each(['services/Dockerfile', 'nginx/Dockerfile'])('build %s on pinned images', async (file) => {
    const text = await readFile(ROOT + file, 'utf8');
    const bases = [...text.matchAll(/^(?:FROM|ARG NODE_IMAGE=) ?(\S+)/gm)].map(([, base = '']) => base);
    const stages = [...text.matchAll(/ AS (\S+)$/gm)].map(([, stage = '']) => stage);
    const outside = bases.filter((base) => !stages.includes(base) && !base.startsWith('$'));
    expect(outside.length).toBeGreaterThan(0);
    for (const base of outside) expect(base).toMatch(/:\d+/);
  });
});
