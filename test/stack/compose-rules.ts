import { z } from 'zod';

const mount = z.looseObject({ type: z.string(), source: z.string().optional(), read_only: z.boolean().optional() });

/** The parts of a service in `docker compose config --format json` that the rules check. */
const service = z.looseObject({
  image: z.string(),
  build: z.unknown().optional(),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  privileged: z.boolean().optional(),
  init: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  cap_add: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  devices: z.array(z.unknown()).optional(),
  network_mode: z.string().optional(),
  pid: z.string().optional(),
  ipc: z.string().optional(),
  uts: z.string().optional(),
  userns_mode: z.string().optional(),
  cgroup_parent: z.string().optional(),
  pids_limit: z.number().optional(),
  mem_limit: z.string().optional(),
  memswap_limit: z.string().optional(),
  cpus: z.number().optional(),
  restart: z.string().optional(),
  ulimits: z.record(z.string(), z.union([z.number(), z.object({}).loose()])).optional(),
  tmpfs: z.array(z.string()).optional(),
  volumes: z.array(mount).optional(),
  logging: z.looseObject({ options: z.record(z.string(), z.string()).optional() }).optional(),
  healthcheck: z.looseObject({ disable: z.boolean().optional() }).optional(),
  stop_grace_period: z.string().optional(),
  environment: z.record(z.string(), z.string().nullable()).nullish(),
  networks: z.record(z.string(), z.unknown()).nullish(),
  ports: z.array(z.looseObject({ host_ip: z.string().optional() })).optional(),
  deploy: z.looseObject({ replicas: z.number().optional() }).optional(),
});
export const composeConfig = z.looseObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()),
});

export type ComposeService = z.output<typeof service>;
export type ComposeConfig = z.output<typeof composeConfig>;

type Rule<T> = readonly [name: string, holds: (subject: T, name: string) => boolean];

/** Seconds that a service needs to finish its requests or jobs, if that is longer than Docker's 10 s. */
const GRACE: Readonly<Record<string, number>> = { api: 130, worker: 330 };
const NETWORKS: Readonly<Record<string, readonly string[]>> = {
  nginx: ['edge', 'front'],
  api: ['back', 'front'],
  worker: ['back'],
  scheduler: ['back', 'egress'],
  redis: ['back'],
  prometheus: ['back', 'watch'],
  alertmanager: ['egress', 'watch'],
  'redis-exporter': ['back'],
  'nginx-exporter': ['watch'],
  'node-exporter': ['watch'],
  grafana: ['watch'],
};
const MEMORY_OF_ALL = 3_648 * 2 ** 20;
/** Additional memory for compose/monitoring.yml. */
const MEMORY_OF_MONITORING = 900 * 2 ** 20;

/** Named after the recommendations of section 5 of the CIS Docker Benchmark, if one exists. */
const SERVICE_RULES: readonly Rule<ComposeService>[] = [
  ['4.1 a numeric user that is not root', ({ user }) => /^[1-9]\d*:[1-9]\d*$/.test(user ?? '')],
  ['5.3 no capabilities', ({ cap_drop, cap_add }) => cap_drop?.join() === 'ALL' && !cap_add?.length],
  ['5.4 not privileged', ({ privileged }) => privileged !== true],
  ['5.5, 5.31 host files read-only, no socket', ({ volumes = [] }) => volumes.every(isHarmless)],
  ['5.9 no network of the host', ({ network_mode }) => network_mode === undefined],
  ['5.10 memory, and no swap beyond it', ({ mem_limit, memswap_limit }) => !!mem_limit && mem_limit === memswap_limit],
  ['5.12 a read-only root', ({ read_only }) => read_only === true],
  ['5.13 ports on a named address', ({ ports = [] }) => ports.every(({ host_ip }) => !!host_ip)],
  // With on-failure, a service would stay down after an exit without an error, and after a restart of the host.
  ['5.14 comes back', ({ restart }) => restart === 'unless-stopped'],
  ['5.15, 5.16, 5.20, 5.30 own namespaces', ({ pid, ipc, uts, userns_mode }) => !(pid ?? ipc ?? uts ?? userns_mode)],
  ['5.17 no devices', ({ devices = [] }) => devices.length === 0],
  ['5.18 limits of files and core files', ({ ulimits }) => !!ulimits?.nofile && isNone(ulimits.core)],
  // One rule for both, because any other value in security_opt weakens something, such as seccomp=unconfined.
  ['5.21, 5.25 no new privileges, default seccomp', (it) => it.security_opt?.join() === 'no-new-privileges:true'],
  ['5.26 a health check', ({ healthcheck }) => healthcheck?.disable !== true],
  ['5.27 a pinned image', ({ image, build }) => build !== undefined || /:v?\d+(\.\d+)+/.test(image)],
  ['5.28 a limit of processes', ({ pids_limit = 0 }) => pids_limit > 0],
  ['init', ({ init }) => init === true],
  ['small folders in memory that run nothing', ({ tmpfs = [] }) => tmpfs.length > 0 && tmpfs.every(isTight)],
  ['logs that end', ({ logging }) => !!logging?.options?.['max-size'] && !!logging.options['max-file']],
  ['time to stop', ({ stop_grace_period }, name) => seconds(stop_grace_period) >= (GRACE[name] ?? 10)],
  ['no secret in the environment', ({ environment }) => Object.entries(environment ?? {}).every(isNoSecret)],
  ['no port but the edge’s', ({ ports = [] }, name) => name === 'nginx' || ports.length === 0],
  ['its networks', ({ networks }, name) => allowed(name, networks)],
];

const PRODUCTION_RULES: readonly Rule<ComposeService>[] = [['5.11 processor time', ({ cpus = 0 }) => cpus > 0]];

/** Returns every rule that a stack breaks, as `service: rule`. */
export function brokenRules({ services, networks }: ComposeConfig, production: boolean): string[] {
  const rules = [...SERVICE_RULES, ...(production ? PRODUCTION_RULES : [])];
  const broken = Object.entries(services).flatMap(([name, each]) =>
    rules.filter(([, holds]) => !holds(each, name)).map(([rule]) => `${name}: ${rule}`),
  );
  const inner = ['front', 'back', ...('watch' in networks ? ['watch'] : [])];
  const open = inner.filter((name) => networks[name]?.internal !== true);
  const memory = Object.values(services).reduce((sum, { mem_limit, deploy }) => {
    return sum + Number(mem_limit ?? Infinity) * (deploy?.replicas ?? 1);
  }, 0);
  return [
    ...broken,
    ...open.map((name) => `${name}: internal`),
    ...(production && memory > MEMORY_OF_ALL + ('prometheus' in services ? MEMORY_OF_MONITORING : 0)
      ? ['all: 3,648 MB of memory']
      : []),
  ];
}

function isHarmless({ type, source = '', read_only }: z.output<typeof mount>): boolean {
  return type !== 'bind' || (read_only === true && !source.endsWith('.sock'));
}

/** Compose writes a limit of 0 as an object without numbers. */
function isNone(limit: number | object | undefined): boolean {
  return limit === 0 || (typeof limit === 'object' && Object.keys(limit).length === 0);
}

function isTight(entry: string): boolean {
  return ['size=', 'noexec', 'nosuid', 'nodev'].every((option) => entry.includes(option));
}

function isNoSecret([name, value]: [string, string | null]): boolean {
  return !/PASSWORD|SECRET|KEY/.test(name) || name.endsWith('_FILE') || !value;
}

/** Only nginx is also on `watch`, for Prometheus. */
function allowed(name: string, networks: ComposeService['networks']): boolean {
  const expected = NETWORKS[name];
  const present = names(networks).filter((network) => name !== 'nginx' || network !== 'watch');
  return expected === undefined || present.join() === expected.join();
}

function names(networks: ComposeService['networks']): string[] {
  return Object.keys(networks ?? {}).sort();
}

/** Converts a duration as Compose writes it to seconds. */
function seconds(duration = ''): number {
  const [, hours = 0, minutes = 0, rest = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration) ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
}
