import { describe, expect, it, jest } from '@jest/globals';
import { PROJECT, docker, inside } from './docker.js';

jest.setTimeout(180_000);

const MB = 1_000_000;
/** Maximum bytes of an image beyond its base image. */
const BOUNDS = { api: 250 * MB, worker: 400 * MB, scheduler: 250 * MB };
/** The first step of services/Dockerfile after the base image. */
const FIRST_OF_OURS = 'install -d -o 10001 -g 10001';

async function imageOf(service: string): Promise<string> {
  return (await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-${service}-1`)).trim();
}

/** Returns the bytes of the layers that our Dockerfile made. */
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

  it('contains no package manager, cache, test or development file', async () => {
    const found = await inside(
      service,
      `for name in npm npx corepack yarn pnpm; do command -v $name; done
      ls -A /var/lib/apt/lists /var/cache/apt/archives/*.deb 2>/dev/null | grep -v :
      find / -xdev \\( -name '*.test.js' -o -name '.npm' -o -name '*.d.ts' -path '/app/services/*' \\) 2>/dev/null
      cd /app/node_modules && ls -d typescript jest eslint prettier @jest @typescript-eslint supertest @img/sharp-wasm32 2>/dev/null; true`,
    );
    expect(found).toBe('');
  });
});

it('of the api and the scheduler cannot parse PDFs or images', async () => {
  for (const service of ['api', 'scheduler'])
    expect(await inside(service, 'cd /app/node_modules; ls -d sharp @img pdf-lib @pdf-lib 2>/dev/null; true')).toBe('');
});
