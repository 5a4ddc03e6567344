/**
 * Measures the overhead of a job: from its acceptance to its claim, and from its end to the response. It sends one request
 * at a time, then four. The clocks of the record (Redis) and of this process are those of one host.
 */
import { form } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { spread } from './figures.js';

const CALLS = 300;

const photo = await jpeg(320, 240);
const stack = await TestStack.start(['api', 'worker', 'scheduler']);
try {
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
  await calls(CALLS / 3, 1);
  for (const concurrency of [1, 4]) {
    const samples = await calls(CALLS, concurrency);
    console.log(`${CALLS} calls, ${concurrency} at a time, milliseconds:`);
    for (const part of ['queue', 'work', 'deliver', 'overhead', 'whole'] as const)
      console.log(`  ${part.padEnd(9)} ${spread(samples.map((sample) => sample[part]))}`);
  }
} finally {
  await stack.stop();
}

async function calls(count: number, concurrency: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  let left = count;
  const loop = async (): Promise<void> => {
    while (left-- > 0) samples.push(await call());
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return samples;
}

interface Sample {
  /** From the acceptance to the claim. */
  readonly queue: number;
  /** From the claim to the end: child process, sync to disk, record. */
  readonly work: number;
  /** From the end to the last byte of the response at the client. */
  readonly deliver: number;
  /** Queueing and delivery: everything except upload and work. */
  readonly overhead: number;
  readonly whole: number;
}

async function call(): Promise<Sample> {
  const sent = Date.now();
  const answer = await fetch(`${stack.url}/api/image-to-pdf`, {
    method: 'POST',
    body: form([{ name: 'a.jpg', bytes: photo }]),
  });
  await answer.arrayBuffer();
  const answered = Date.now();
  const job = await stack.store.get(answer.headers.get('x-job-id') ?? '');
  if (job?.started_at === undefined || job.finished_at === undefined) throw new Error('the job has not ended');
  const queue = job.started_at - job.created_at;
  const deliver = answered - job.finished_at;
  return { queue, work: job.finished_at - job.started_at, deliver, overhead: queue + deliver, whole: answered - sent };
}
