import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, composeServices, render } from './render.mjs';

const SERVICES = ['nginx', 'api', 'worker', 'scheduler', 'redis'];

let services;
let base;
let production;

beforeAll(async () => {
  services = composeServices();
  base = await render('base');
  production = await render('production');
});

const clone = (object) => JSON.parse(JSON.stringify(object));
const kindOf = (name) => (name === 'redis' ? 'StatefulSet' : 'Deployment');
const find = (objects, kind, name) => objects.find((it) => it.kind === kind && it.metadata.name === name);
const podOf = (name) => find(base, kindOf(name), name).spec.template.spec;
const containerOf = (name) => podOf(name).containers[0];

/** Returns the name of an object's group, as kubernetes-models names its folders. */
function moduleOf({ apiVersion }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return `kubernetes-models${group && `/${group}`}/${version}`;
}

/** Compiles objects against the types of Kubernetes, which refuse a field that a literal has and the type does not. */
function compile(objects, name) {
  const source = objects.map(
    (object, i) => `import type { I${object.kind} } from '${moduleOf(object)}';
export const object${i}: I${object.kind} = ${JSON.stringify(object, null, 1)};`,
  );
  // One file for each object, because two of them may import the same name. The compiler finds the types from there.
  const folder = join(ROOT, 'test/kubernetes/node_modules/.manifests', name);
  mkdirSync(folder, { recursive: true });
  const files = source.map((text, i) => {
    const file = join(folder, `${i}.ts`);
    writeFileSync(file, text);
    return file;
  });
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig'];
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, ...files], {
      cwd: folder,
      encoding: 'utf8',
    });
    return '';
  } catch (error) {
    return error.stdout;
  }
}

describe('the manifests', () => {
  it.each(['base', 'production'])('have only fields and values that Kubernetes knows (%s)', async (name) => {
    const objects = name === 'base' ? base : production;
    for (const object of objects) {
      const models = await import(moduleOf(object));
      new models[object.kind](object).validate();
    }
    expect(compile(objects, name)).toBe('');
  });

  it('are refused if one has an unknown field or a wrong value', async () => {
    const unknown = clone(base);
    find(unknown, 'Deployment', 'api').spec.template.spec.containers[0].securityContext.readOnlyRootFileSystem = true;
    expect(compile(unknown, 'unknown')).toContain('"readOnlyRootFileSystem"');
    const wrong = clone(find(base, 'Deployment', 'api'));
    wrong.spec.replicas = 'two';
    const { Deployment } = await import('kubernetes-models/apps/v1');
    expect(() => new Deployment(wrong).validate()).toThrow(/replicas/);
  });

  it('contain no value of a secret', () => {
    for (const objects of [base, production]) expect(objects.some(({ kind }) => kind === 'Secret')).toBe(false);
  });
});

// Redis may run on another node, so there is no socket.
const client = { REDIS_URL: 'redis://redis:6379/0' };
/** Settings that differ, and why. */
const DIFFERENCES = {
  // The Ingress ends TLS and knows the name. nginx resolves the name of the api with its namespace.
  nginx: { TLS: 'off', SERVER_NAME: undefined, NAMESPACE: undefined, API_HOST: 'api.$(NAMESPACE).svc.cluster.local' },
  api: client,
  worker: client,
  scheduler: client,
};

const secondsOf = (text) => {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  return Number(minutes) * 60 + Number(seconds);
};
const bytesOf = (quantity) => {
  const [, figure, unit = ''] = /^(\d+)([KMG]i)?$/.exec(quantity);
  return Number(figure) * { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }[unit];
};
const coresOf = (quantity) => {
  const text = String(quantity);
  return text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text);
};
const tmpfsOf = ({ tmpfs }) =>
  tmpfs.map((entry) => {
    const [, path, size] = /^([^:]+):size=(\d+)m/.exec(entry);
    return [path, Number(size) * 2 ** 20];
  });

describe.each(SERVICES)('%s', (name) => {
  it('has the image and the program of Compose', () => {
    const { image, command = null, args = null } = containerOf(name);
    expect([image, command]).toEqual([services[name].image, services[name].entrypoint]);
    expect(args).toEqual(name === 'redis' ? ['--dir', '/data'] : services[name].command);
  });

  it('has the settings of Compose', () => {
    const { environment = {} } = services[name];
    // Compose passes on a variable without a value from its own environment. RATE_LIMIT comes with an env_file to all.
    const expected = Object.entries(environment).filter(([, value]) => value !== null && value !== '');
    const own = Object.fromEntries(expected.filter(([key]) => key !== 'RATE_LIMIT' || ['api', 'nginx'].includes(name)));
    for (const [key, value] of Object.entries(DIFFERENCES[name] ?? {})) {
      if (value === undefined) delete own[key];
      else own[key] = value;
    }
    const { env = [] } = containerOf(name);
    const given = env.filter(({ value }) => value !== undefined && value !== '');
    expect(Object.fromEntries(given.map(({ name: key, value }) => [key, value]))).toEqual(own);
  });

  it('has the user, the groups and no capabilities', () => {
    const pod = podOf(name);
    const { user, group_add: groups = [], cap_drop: dropped } = services[name];
    const { runAsUser, runAsGroup, supplementalGroups = [], runAsNonRoot, seccompProfile } = pod.securityContext;
    expect(`${runAsUser}:${runAsGroup}`).toBe(user);
    expect(supplementalGroups.map(String)).toEqual(groups);
    expect([runAsNonRoot, seccompProfile]).toEqual([true, { type: 'RuntimeDefault' }]);
    expect(containerOf(name).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: services[name].read_only,
      capabilities: { drop: dropped },
    });
    expect([pod.automountServiceAccountToken, pod.enableServiceLinks]).toEqual([false, false]);
  });

  it('has the limits and the time to stop', () => {
    const { limits } = containerOf(name).resources;
    expect(bytesOf(limits.memory)).toBe(Number(services[name].mem_limit));
    expect(coresOf(limits.cpu)).toBe(services[name].cpus);
    expect(podOf(name).terminationGracePeriodSeconds).toBe(secondsOf(services[name].stop_grace_period));
  });

  it('has the volumes, temporary folders and secrets', () => {
    const { volumes } = podOf(name);
    const mounted = (kind) =>
      containerOf(name)
        .volumeMounts.map((mount) => ({ mount, volume: volumes.find((it) => it.name === mount.name) ?? {} }))
        .filter(({ volume }) => volume[kind] !== undefined);
    const tmpfs = mounted('emptyDir').map(({ mount, volume }) => {
      expect(volume.emptyDir.medium).toBe('Memory');
      return [mount.mountPath, bytesOf(volume.emptyDir.sizeLimit)];
    });
    expect(tmpfs.sort()).toEqual(tmpfsOf(services[name]).sort());
    const data = services[name].volumes.find(({ source }) => source === 'data');
    expect(mounted('persistentVolumeClaim').map(({ mount }) => [mount.mountPath, mount.readOnly ?? false])).toEqual(
      data ? [[data.target, data.read_only ?? false]] : [],
    );
    const items = mounted('secret').flatMap(({ volume }) => volume.secret.items);
    const files = (services[name].secrets ?? []).map(({ source, target }) => [source, target.split('/').at(-1)]);
    expect(items.map(({ key, path }) => [key, path]).sort()).toEqual(files.sort());
  });

  it('has the health check of its image or of Compose', () => {
    const { readinessProbe, livenessProbe, startupProbe } = containerOf(name);
    expect(livenessProbe).toEqual(readinessProbe);
    expect([readinessProbe.periodSeconds, readinessProbe.timeoutSeconds, readinessProbe.failureThreshold]).toEqual([
      5, 3, 6,
    ]);
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(60);
    const dockerfiles = ['nginx/Dockerfile', 'services/Dockerfile'].map((file) =>
      readFileSync(join(ROOT, file), 'utf8'),
    );
    const checks = dockerfiles.join('\n').replaceAll('\\"', '"');
    if (name === 'api') expect(checks).toContain(`GET ${readinessProbe.httpGet.path} `);
    else if (name === 'redis')
      expect(readinessProbe.exec.command.at(-1)).toBe(services.redis.healthcheck.test.at(-1).replaceAll('$$', '$'));
    else {
      const words = (text) =>
        text
          .replaceAll(/["',[\]]/g, ' ')
          .split(/\s+/)
          .filter(Boolean)
          .join(' ');
      expect(words(checks)).toContain(words(readinessProbe.exec.command.join(' ')));
    }
  });

  it('has the sysctls of Compose that Kubernetes regards as safe', () => {
    const unsafe = ['net.ipv4.tcp_retries2', 'net.ipv4.tcp_notsent_lowat'];
    const given = (podOf(name).securityContext.sysctls ?? []).map(({ name: key, value }) => [key, value]);
    const expected = Object.entries(services[name].sysctls ?? {}).filter(([key]) => !unsafe.includes(key));
    expect(given.sort()).toEqual(expected.sort());
  });
});

describe('the network policies', () => {
  const policyOf = (name) => find(base, 'NetworkPolicy', name).spec;
  const peersOf = (rules = [], direction) =>
    rules.flatMap((rule) =>
      (rule[direction] ?? []).flatMap((peer) => Object.values(peer.podSelector?.matchLabels ?? {})),
    );

  it('refuse what no policy allows', () => {
    expect(policyOf('default')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'pdf-tools' } },
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it.each(SERVICES)('let %s connect only to services that it uses and shares a network with', (name) => {
    const uses = { nginx: ['api'], api: ['redis'], worker: ['redis'], scheduler: ['redis'], redis: [] }[name];
    const targets = peersOf(policyOf(name).egress, 'to');
    expect(targets).toEqual(uses);
    for (const target of targets) {
      expect(Object.keys(services[name].networks).some((network) => network in services[target].networks)).toBe(true);
      expect(peersOf(policyOf(target).ingress, 'from')).toContain(name);
    }
  });

  it('let only the scheduler reach the Internet', () => {
    const outside = SERVICES.filter((name) => JSON.stringify(policyOf(name).egress ?? []).includes('ipBlock'));
    const inCompose = SERVICES.filter((name) => 'egress' in services[name].networks);
    expect(outside).toEqual(inCompose);
  });
});

describe('production', () => {
  it('scales workers by the signal and sets no number itself', () => {
    const [autoscaler] = production.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(autoscaler.spec.scaleTargetRef.name).toBe('worker');
    expect(autoscaler.spec.metrics).toEqual([
      {
        type: 'External',
        external: { metric: { name: 'pdf_tools_workers_wanted' }, target: { type: 'AverageValue', averageValue: '1' } },
      },
    ]);
    expect(find(production, 'Deployment', 'worker').spec.replicas).toBeUndefined();
    const gauges = readFileSync(join(ROOT, 'services/scheduler/src/queue-gauges.ts'), 'utf8');
    expect(gauges).toContain("'pdf_tools_workers_wanted'");
  });

  it('stops one pod of a service at a time, and selects pods that exist', () => {
    const budgets = production.filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budgets.map(({ metadata }) => metadata.name).sort()).toEqual(['api', 'nginx', 'worker']);
    for (const { spec } of budgets) {
      expect(spec.maxUnavailable).toBe(1);
      const name = spec.selector.matchLabels['app.kubernetes.io/name'];
      expect(find(production, 'Deployment', name).spec.template.metadata.labels['app.kubernetes.io/name']).toBe(name);
    }
  });

  it('runs the images of the release and the replicas of Compose', () => {
    for (const name of ['nginx', 'api', 'worker', 'scheduler'])
      expect(find(production, 'Deployment', name).spec.template.spec.containers[0].image).toMatch(
        new RegExp(`^registry\\.example\\.org/pdf-tools/${name}:\\d`),
      );
    expect(find(production, 'Deployment', 'api').spec.replicas).toBe(services.api.deploy.replicas);
  });
});
