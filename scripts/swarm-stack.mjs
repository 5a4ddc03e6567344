#!/usr/bin/env node
// Usage: [REGISTRY=registry.example.org/pdf-tools/] swarm-stack.mjs [COMPOSE_FILE...] >stack.yml
// Writes a stack file for `docker stack deploy` from docker-compose.yml, docker-compose.prod.yml, compose/swarm.yml and further
// files, as Docker Compose reads them. Swarm knows neither `extends` nor some settings. What it cannot keep stands at the top.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FILES = ['docker-compose.yml', 'docker-compose.prod.yml', 'compose/swarm.yml'];

/** Settings of a service that Swarm ignores or refuses, and what their loss means. */
const LOST = {
  security_opt: 'no-new-privileges. Set "no-new-privileges": true in /etc/docker/daemon.json of each node.',
  memswap_limit: 'the limit of memory and swap together. Turn swap off on the nodes.',
  cpu_shares: 'the lower share of processor time of the worker. Its limit stays.',
  group_add:
    'additional groups. nginx has the group of the volume as its own, and Swarm gives secrets to the user of the service.',
  depends_on: 'the order of starts. The services wait for each other.',
};
/** Replaced by other settings, or without a meaning for a stack. */
const REPLACED = ['build', 'restart', 'mem_limit', 'cpus', 'pids_limit', 'tmpfs', 'logging', 'command', 'entrypoint'];

const MODE_OF_SECRETS = 0o440;

/** Returns the project as Compose reads it. Compose reports what is wrong. */
function readProject(further) {
  const files = [...FILES, ...further].flatMap((file) => ['-f', file]);
  const { status, stdout } = spawnSync('docker', ['compose', ...files, 'config', '--format', 'json'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  return JSON.parse(stdout);
}

/** Secrets and configs cannot change. A name with a digest of the content makes a deployment replace those that differ. */
function named(name, file) {
  const content = readFileSync(file);
  if (content.length === 0) {
    console.error(`${file} is empty, and Swarm refuses empty secrets. Write a line break into it: echo >${file}`);
    process.exit(1);
  }
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { name: `${name}_${digest}`, file };
}

/** Swarm mounts a tmpfs with noexec, nosuid and nodev. Its owner is root, so that it needs the mode of /tmp. */
function temporaryFolder(entry) {
  const [target, options] = entry.split(':');
  const [, megabytes] = /(?:^|,)size=(\d+)m/.exec(options);
  return { type: 'tmpfs', target, tmpfs: { size: Number(megabytes) * 2 ** 20, mode: 0o1777 } };
}

/** Returns the name of the config for a file of this repository that a service mounts. */
function configName({ source }) {
  return source.slice(ROOT.length).replaceAll(/[^a-z0-9]+/g, '_');
}

/** Whether an overlay uses a secret only if a variable names its file. */
const isUnset = ({ file }) => file === '/dev/null';

function stackService(service, project, registry) {
  const kept = Object.entries(service).filter(
    ([key, value]) => value !== null && !(key in LOST) && !REPLACED.includes(key),
  );
  const { volumes = [], tmpfs = [], secrets = [], environment = {}, ulimits = {}, deploy } = service;
  const [uid, gid] = service.user.split(':');
  const [files, mounts] = [
    volumes.filter(({ type }) => type === 'bind'),
    volumes.filter(({ type }) => type !== 'bind'),
  ];
  return {
    ...Object.fromEntries(kept),
    image: service.build ? `${registry}${service.image}` : service.image,
    ...(service.command && { command: service.command }),
    ...(service.entrypoint && { entrypoint: service.entrypoint }),
    logging: service.logging,
    environment: Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== null)),
    // Compose prints a limit of 0 as an empty object.
    ulimits: Object.fromEntries(
      Object.entries(ulimits).map(([key, limit]) => [key, typeof limit === 'number' ? limit : 0]),
    ),
    ...(service.ports && { ports: service.ports.map((port) => ({ ...port, published: Number(port.published) })) }),
    volumes: [...mounts, ...tmpfs.map(temporaryFolder)],
    configs: files.map((file) => ({ source: configName(file), target: file.target, mode: 0o444 })),
    secrets: secrets
      .filter(({ source }) => !isUnset(project.secrets[source]))
      .map(({ source, target }) => ({
        source,
        target: target.split('/').at(-1),
        uid,
        gid,
        mode: MODE_OF_SECRETS,
      })),
    deploy: {
      ...deploy,
      resources: {
        limits: { cpus: String(service.cpus), memory: service.mem_limit, pids: service.pids_limit },
      },
    },
  };
}

/** Returns the stack and the settings that it loses, as `SERVICE: SETTING`. */
function toStack(project, registry) {
  const services = Object.entries(project.services);
  const files = services.flatMap(([, { volumes = [] }]) => volumes.filter(({ type }) => type === 'bind'));
  const stack = {
    // The newest version that Docker 20.10 reads.
    version: '3.9',
    services: Object.fromEntries(services.map(([name, service]) => [name, stackService(service, project, registry)])),
    networks: project.networks,
    volumes: project.volumes,
    secrets: Object.fromEntries(
      Object.entries(project.secrets)
        .filter(([, secret]) => !isUnset(secret))
        .map(([key, { name, file }]) => [key, named(name, file)]),
    ),
    configs: Object.fromEntries(
      files.map((file) => [configName(file), named(`${project.name}_${configName(file)}`, file.source)]),
    ),
  };
  const lost = Object.keys(LOST).flatMap((key) => {
    const affected = services.filter(([, service]) => service[key]).map(([name]) => name);
    return affected.length === 0 ? [] : [`${key} (${affected.join(', ')}): ${LOST[key]}`];
  });
  return { stack, lost };
}

const { stack, lost } = toStack(readProject(process.argv.slice(2)), process.env.REGISTRY ?? '');
const comment = [
  'Written by scripts/swarm-stack.mjs. Do not edit. Lost, compared with Compose:',
  ...lost.map((it) => `- ${it}`),
];
process.stdout.write(`${comment.map((line) => `# ${line}`).join('\n')}\n${JSON.stringify(stack, null, 2)}\n`);
