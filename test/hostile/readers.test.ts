import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { STACK_URL, call, form, jobView, untilEnded } from '../stack/client.js';
import { PROJECT, docker } from '../stack/docker.js';
import { TestGround } from './attackers.js';
import type { Figures } from './attackers.js';
import { starts } from './inside.js';

jest.setTimeout(300_000);

const CALM_SECONDS = 15;
/** Slightly longer than flooder.ts takes to open its connections. */
const OPENING_SECONDS = 7;
/** How many times slower a health check may be with readers than without. */
const SLOWER = 5;
/** Limit of concurrent downloads per address (nginx/snippets/downloads-on.conf, downloads-off.conf). */
const MAX_DOWNLOADS = process.env.RATE_LIMIT === 'off' ? 300 : 100;
/** Limit of concurrent downloads of all addresses (nginx/templates/app.inc.template). */
const MAX_ALL_DOWNLOADS = 500;

let ground: TestGround;
let path: string;
let processes: string;
let before: readonly string[];

beforeAll(async () => {
  const id = await largeResult();
  path = `/api/jobs/${id}/result`;
  ground = await TestGround.prepare(CALM_SECONDS);
  processes = await nginxProcesses();
  before = await starts();
});
afterAll(async () => {
  await ground.close();
  await call(path.replace('/result', ''), { method: 'DELETE' });
});

/** Makes a result larger than the buffers between nginx and a reader. */
async function largeResult(): Promise<string> {
  const size = { width: 3_000, height: 2_500, channels: 3 } as const;
  const noise = await sharp(randomBytes(size.width * size.height * size.channels), { raw: size })
    .png()
    .toBuffer();
  const body = form({ async: 'true' }, [['files', 'noise.png', noise]]);
  const answer = await call('/api/image-to-pdf', { method: 'POST', body });
  const { id } = jobView.parse(JSON.parse(answer.body.toString()));
  expect((await untilEnded(id)).result?.bytes).toBeGreaterThan(20_000_000);
  return id;
}

/** Returns the process ids of nginx's workers. A killed one gets a new id. */
async function nginxProcesses(): Promise<string> {
  const processes = await docker('top', `${PROJECT}-nginx-1`, '-o', 'pid,args');
  const workers = processes.split('\n').filter((line) => line.includes('nginx: worker'));
  expect(workers.length).toBeGreaterThan(0);
  return workers.join('\n');
}

async function expectUnharmed({ health, bystander, honest }: Figures): Promise<void> {
  expect(health.slowest).toBeLessThan(Infinity);
  // Other work on this machine slows the bystander too.
  expect(health.p99).toBeLessThan(SLOWER * Math.max(ground.calm, bystander.p99));
  expect(honest.served).toBe(honest.asked);
  expect(await nginxProcesses()).toBe(processes);
  expect(await starts()).toEqual(before);
}

describe('slow readers of a result and of its ranges', () => {
  it('do not affect health checks or honest requests when 800 come from eight addresses', async () => {
    const figures = await ground.measure({
      mode: 'read',
      path,
      addresses: 8,
      each: 100,
      openingSeconds: OPENING_SECONDS,
    });
    expect(figures.sent.opened).toBeGreaterThanOrEqual(800);
    await expectUnharmed(figures);
    const { 200: whole = 0, 206: ranges = 0 } = figures.sent;
    expect(whole + ranges).toBeGreaterThan(MAX_DOWNLOADS);
    expect(whole + ranges).toBeLessThanOrEqual(MAX_ALL_DOWNLOADS);
  });

  it('are refused above the limit of one address when 800 come from it', async () => {
    const figures = await ground.measure({
      mode: 'read',
      path,
      addresses: 1,
      each: 800,
      openingSeconds: OPENING_SECONDS,
    });
    await expectUnharmed(figures);
    const { 200: whole = 0, 206: ranges = 0, 429: refused = 0 } = figures.sent;
    expect(whole + ranges).toBeLessThanOrEqual(MAX_DOWNLOADS);
    expect(refused).toBeGreaterThanOrEqual(800 - MAX_DOWNLOADS);
  });

  it('do not keep other clients from reading the result', async () => {
    const ranges = await fetch(STACK_URL + path, { headers: { Range: 'bytes=1-9' } });
    expect(ranges.status).toBe(206);
    expect((await ranges.arrayBuffer()).byteLength).toBe(9);
  });
});
