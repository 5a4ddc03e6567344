import { describe, expect, it, jest } from '@jest/globals';
import { PROJECT, docker, inside } from './docker.js';

jest.setTimeout(180_000);

const MB = 1_000_000;
/** Maximum size of an image without its base image. */
const BOUNDS = { api: 18 * MB, worker: 76 * MB, scheduler: 12 * MB };
/** The first step of services/Dockerfile on top of the base image. */
const FIRST_OF_OURS = 'install -d -o 10001 -g 10001';

async function imageOf(service: string): Promise<string> {
  return (await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-${service}-1`)).trim();
}

/** Returns the size of the layers that our Dockerfile adds. */
async function sizeBeyondBase(service: string): Promise<number> {
  const format = '{{.Size}} {{.CreatedBy}}';
  const args = ['history', '--no-trunc', '--human=false', '--format', format, await imageOf(service)];
  const layers = (await docker(...args)).trim().split('\n');
  const last = layers.findIndex((layer) => layer.includes(FIRST_OF_OURS));
  if (last < 0) throw new Error(`no layer with: ${FIRST_OF_OURS}`);
  return layers.slice(0, last + 1).reduce((sum, layer) => sum + Number(layer.split(' ')[0]), 0);
}

describe.each(['api', 'worker', 'scheduler'] as const)('the image of the %s', (service) => {
  it('is small', async () => {
    const bytes = await sizeBeyondBase(service);
    console.log(`${service}: ${(bytes / MB).toFixed(1)} MB beyond its base image`);
    expect(bytes).toBeGreaterThan(MB);
    expect(bytes).toBeLessThan(BOUNDS[service]);
  });

  it('has no package manager of JavaScript, no caches of Debian, no tests and no development tools', async () => {
    const found = await inside(
      service,
      `for name in npm npx corepack yarn pnpm; do command -v $name; done
      ls -A /var/lib/apt/lists /var/cache/apt/archives/*.deb 2>/dev/null | grep -v :
      find / -xdev \\( -name '*.test.js' -o -name .npm -o -name '*.d.ts' -not -path '*/node_modules/*' \\) 2>/dev/null
      grep -oE '"(typescript|jest|eslint|prettier|esbuild|supertest|@jest/[a-z]+)@' /app/packages.json; true`,
    );
    expect(found).toBe('');
  });

  it('starts from the compile cache, with a read-only root and the user of the service', async () => {
    const log = await inside(service, 'NODE_DEBUG_NATIVE=COMPILE_CACHE node main.js --version 2>&1');
    const modules = new Set(log.match(/file:\/\/\/app\/[\w-]+\.js/g));
    const accepted = log.match(/(?<=for ESM )file:\/\/\/app\/[\w-]+\.js(?= was accepted)/g) ?? [];
    expect(modules.size).toBeGreaterThanOrEqual(2);
    expect(accepted.sort()).toEqual([...modules].sort());
  });

  it('names its packages, and the licenses of all', async () => {
    const packages = JSON.parse(await inside(service, 'cat packages.json')) as string[];
    console.log(`${service}: ${packages.length} packages`);
    const licenses = await inside(service, 'grep "^--- " licenses.txt');
    expect(packages.filter((name) => !licenses.includes(`--- ${name} (`))).toEqual([]);
  });
});

it('a child process of the worker starts from the compile cache, without an environment', async () => {
  const flags = await inside('worker', `node -p 'require("./package.json").childFlags.join(" ")'`);
  const node = `env -i NODE_DEBUG_NATIVE=COMPILE_CACHE /usr/local/bin/node ${flags.trim()} child.js`;
  const log = await inside('worker', `(sleep 5; echo) | ${node} 3<&0 2>&1; true`);
  expect(log).toMatch(/for ESM file:\/\/\/app\/child-\w+\.js was accepted/);
  expect(log).not.toMatch(/file:\/\/\/app\/[\w-]+\.js was not initialized/);
});

it('the images that parse no files have no code to do it', async () => {
  const parsers = '"(sharp|pdf-lib|@pdf-lib/[a-z-]+|dejavu-fonts-ttf)@';
  for (const service of ['api', 'scheduler']) {
    expect(await inside(service, `grep -oE '${parsers}' packages.json; ls -d node_modules 2>/dev/null; true`)).toBe('');
  }
  expect(await inside('worker', `grep -cE '${parsers}' packages.json`)).not.toBe('0\n');
});
