import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { png } from '@pdf-tools/harness/samples';
import { STACK_URL, call, form, jobView, untilEnded } from '../stack/client.js';
import { TestGround } from './attackers.js';
import { until } from './timing.js';

jest.setTimeout(300_000);

const CALM_SECONDS = 3;
/** Slightly longer than flooder.ts takes to open its connections. */
const OPENING_SECONDS = 7;
/** More than all clients together may have in progress (nginx/templates/app.inc.template). */
const CONNECTIONS = 900;
const PAUSE_MS = 1_000;

let ground: TestGround;
let paths: readonly string[];

beforeAll(async () => {
  ground = await TestGround.prepare(CALM_SECONDS);
  const body = form({ async: 'true' }, [['files', 'a.png', await png(16, 16)]]);
  const answer = await call('/api/image-to-pdf', { method: 'POST', body });
  const { id } = jobView.parse(JSON.parse(answer.body.toString()));
  expect((await untilEnded(id)).status).toBe('succeeded');
  paths = ['/api/limits', `/api/jobs/${id}/result`];
});
afterAll(() => ground.close());

/** Returns the status of one request for each path, without retries. */
function statuses(): Promise<string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const response = await fetch(STACK_URL + path);
      await response.arrayBuffer();
      return `${response.status} ${path.split('/').at(-1)}`;
    }),
  );
}

describe('900 requests with unfinished bodies from one address', () => {
  // Answered early, admitted, and refused by nginx.
  it.each([
    ['GET', '/health'],
    ['POST', '/api/merge-pdf'],
    ['PATCH', '/api/limits'],
  ])('to %s %s do not keep another address from its limits and a result', async (method, path) => {
    const attack = ground.measure({
      mode: 'unfinished',
      method,
      path,
      addresses: 1,
      each: CONNECTIONS,
      openingSeconds: OPENING_SECONDS,
    });
    const seen = await until(attack, statuses, PAUSE_MS);
    const { sent, honest } = await attack;
    expect(sent.opened).toBeGreaterThanOrEqual(CONNECTIONS);
    expect(new Set(seen.flat())).toEqual(new Set(['200 limits', '200 result']));
    expect(honest.served).toBe(honest.asked);
  });
});
