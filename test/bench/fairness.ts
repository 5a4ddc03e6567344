/**
 * Measures how long one client waits for small jobs: on an idle system, while another client has a hundred jobs waiting,
 * and while large files are processed. Two API keys are two clients.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { form } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, scan } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { spread } from './figures.js';

const CALLS = 40;
const CROWD = 100;

const photo = await jpeg(320, 240);
const medium = await scan(6);
const heavy = await scan(60);
const stack = await TestStack.start(['api', 'worker', 'scheduler'], {
  API_KEYS: 'crowd:key-of-crowd,one:key-of-one',
});
try {
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
  await small(10);
  console.log(`alone                       ${spread(await small(CALLS))}`);

  await Promise.all(Array.from({ length: CROWD }, () => post('crowd', 'compress-pdf', medium, 'file')));
  console.log(
    `beside ${CROWD} jobs of another   ${spread(await small(CALLS))}   ${await unfinished()} of them unfinished`,
  );
  await drained();

  console.log(`(large files have ${(heavy.length / 2 ** 20).toFixed(1)} MiB)`);
  for (let n = 0; n < 4; n++) await post('crowd', 'compress-pdf', heavy, 'file');
  await sleep(500);
  const times = await small(CALLS);
  console.log(`beside large files          ${spread(times)}   ${await unfinished()} of them unfinished`);
} finally {
  await stack.stop();
}

/** Returns the times in ms of `count` small jobs of the client "one", one after the other. */
async function small(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const begun = performance.now();
    const answer = await fetch(`${stack.url}/api/image-to-pdf`, {
      method: 'POST',
      body: form([{ name: 'a.jpg', bytes: photo }]),
      headers: { 'X-API-Key': 'key-of-one' },
    });
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    await answer.arrayBuffer();
    times.push(performance.now() - begun);
  }
  return times;
}

async function post(client: string, operation: string, file: Buffer, field: string): Promise<void> {
  const answer = await fetch(`${stack.url}/api/${operation}?async=true`, {
    method: 'POST',
    body: form([{ name: 'file', bytes: file, field }]),
    headers: { 'X-API-Key': `key-of-${client}` },
  });
  if (answer.status !== 202) throw new Error(`answered ${answer.status}`);
}

async function unfinished(): Promise<number> {
  const { queued, active } = await stack.store.backlog();
  return queued + active;
}

async function drained(): Promise<void> {
  await eventually(
    async () => {
      const { queued, active } = await stack.store.backlog();
      return queued + active === 0;
    },
    'drained',
    120_000,
  );
}
