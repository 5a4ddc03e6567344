import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { childrenOf } from '@pdf-tools/harness/children';
import { form } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
let photo: Buffer;
beforeAll(async () => {
  photo = await jpeg();
  stack = await TestStack.start(['api', 'worker', 'scheduler'], { API_KEYS: 'slow:key-of-slow,other:key-of-other' });
});
afterAll(async () => {
  for (const { pid } of await childrenOf(stack)) process.kill(pid, 'SIGCONT');
  await stack.stop();
});

function call(client: string, query = ''): Promise<Response> {
  const body = form([{ name: 'a.jpg', bytes: photo }]);
  return fetch(`${stack.url}/api/image-to-pdf${query}`, {
    method: 'POST',
    headers: { 'X-API-Key': `key-of-${client}` },
    body,
  });
}

/** Enough claims that those which answer notifications are a minority. */
const KEPT_CLAIMS = 15;

/** Returns the median of the seconds between neighbours. */
function medianGap(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? NaN));
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? NaN;
}

interface Claim {
  readonly seconds: number;
  readonly except: string;
}

/** Claims of the worker from now on, as Redis sees them. The caller closes `monitor`. */
async function watchClaims() {
  const claims: Claim[] = [];
  const monitor = stack.redis.duplicate();
  await monitor.connect();
  await monitor.monitor((line) => {
    const [, seconds, except = ''] =
      /^(\S+) .*"evalsha" "\w+" "0" "small[a-z,]*" "[^"]*" "\d+" "[^"]*" "([^"]*)"/i.exec(line) ?? [];
    if (seconds !== undefined) claims.push({ seconds: Number(seconds), except });
  });
  return { claims, monitor };
}

it('a client whose small jobs never end does not get the last slot, and another is served at once', async () => {
  const all = await eventually(async () => {
    const found = await childrenOf(stack);
    return found.length === 4 && found;
  }, 'four children'); // three for jobs and one spare
  const { claims, monitor } = await watchClaims();
  await eventually(() => Promise.resolve(claims.length === 2), 'two idle claims');
  const [first = NaN, second = NaN] = claims.map(({ seconds }) => seconds);
  for (const { pid } of all) process.kill(pid, 'SIGSTOP');
  for (let n = 0; n < 4; n++) expect((await call('slow', '?async=true')).status).toBe(202);
  const idle = await eventually(async () => {
    const free = (await childrenOf(stack)).filter(({ job }) => job === null);
    return free.length === 2 && free;
  }, 'two busy children');
  const kept = () => claims.filter(({ except }) => except !== '').map(({ seconds }) => seconds);
  await eventually(() => Promise.resolve(kept().length >= KEPT_CLAIMS), 'claims for other clients');
  monitor.destroy();
  // The median ignores the claims that answer notifications, and those that a busy machine delays.
  expect(medianGap(kept())).toBeLessThan((second - first) / 2);
  expect(await stack.store.backlog()).toMatchObject({ active: 2, queued: 2 });
  for (const { pid } of idle) process.kill(pid, 'SIGCONT');
  expect((await call('other')).status).toBe(200);
  expect(await stack.store.backlog()).toMatchObject({ active: 2, queued: 2 });
  for (const { pid } of all) process.kill(pid, 'SIGCONT');
  await eventually(async () => (await stack.redis.zCard('pdf:expiry')) === 5, 'all have ended');
});
