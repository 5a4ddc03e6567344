/**
 * Reports whether memory grows: the proportional set size of every process of the stack after the first 500 mixed jobs,
 * valid and invalid, and after each tenth of the rest, at four requests at a time. The argument is the number of jobs.
 */
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { form } from '@pdf-tools/harness/http';
import type { FormFile } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, pdf, png, scan } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const JOBS = Number(process.argv[2] ?? 10_000);
const FIRST = 500;
const AT_ONCE = 4;
/** Records and files are deleted this many seconds after a job ends, so the store does not grow during the run. */
const RETAIN = '5';
/** Longer than the minute that a tombstone lives. */
const EXPIRED_MS = 75_000;

interface Call {
  readonly path: string;
  readonly files: readonly FormFile[];
  readonly status: number;
}

const photo = await jpeg();
const [report, page, drawing] = [await pdf(['one', 'two']), await scan(1), await png()];
const MIX: readonly Call[] = [
  { path: 'image-to-pdf', files: [{ name: 'a.jpg', bytes: photo }], status: 200 },
  { path: 'merge-pdf', files: ['a.pdf', 'b.pdf'].map((name) => ({ name, bytes: report })), status: 200 },
  { path: 'image-to-pdf', files: [{ name: 'a.png', bytes: drawing }], status: 200 },
  { path: 'merge-pdf', files: [{ name: 'a.pdf', bytes: report.subarray(0, 200) }], status: 422 },
  { path: 'image-to-pdf', files: [{ name: 'a.jpg', bytes: photo.subarray(0, 9_000) }], status: 422 },
  { path: 'compress-pdf', files: [{ name: 'a.pdf', bytes: report, field: 'file' }], status: 200 },
  { path: 'image-to-pdf', files: [{ name: 'a.txt', bytes: Buffer.from('not an image') }], status: 415 },
  { path: 'image-to-pdf', files: [{ name: 'a.jpg', bytes: photo }], status: 200 },
  { path: 'merge-pdf', files: [{ name: 'a.jpg', bytes: photo }], status: 200 },
  { path: 'compress-pdf', files: [{ name: 'a.pdf', bytes: page, field: 'file' }], status: 200 },
];

const stack = await TestStack.start(['api', 'worker', 'scheduler'], { SWEEP_INTERVAL_SECONDS: '1' });
try {
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
  let done = 0;
  for (const until of [FIRST, ...Array.from({ length: 10 }, (_, i) => Math.round((JOBS * (i + 1)) / 10))]) {
    if (until <= done) continue;
    await calls(done, until);
    done = until;
    await printMemory(`after ${done} jobs`);
  }
  await sleep(EXPIRED_MS);
  await printMemory('after all records expired');
  console.log(`files left: ${(await stack.filesOf()).length}, keys left: ${await stack.redis.dbSize()}`);
} finally {
  await stack.stop();
}

async function calls(from: number, to: number): Promise<void> {
  let next = from;
  const loop = async (): Promise<void> => {
    while (next < to) await call(MIX[next++ % MIX.length]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
}

async function call(task: Call | undefined): Promise<void> {
  if (!task) throw new Error('there is no such call');
  const body = form(task.files, { retain: RETAIN });
  const answer = await fetch(`${stack.url}/api/${task.path}`, { method: 'POST', body });
  await answer.arrayBuffer();
  if (answer.status !== task.status) throw new Error(`${task.path}: ${answer.status} instead of ${task.status}`);
}

async function printMemory(when: string): Promise<void> {
  const parts: string[] = [];
  let sum = 0;
  for (const [name, { pid }] of stack.processes) {
    const pids = [pid, ...(await childrenOf(pid))];
    const mib = (await Promise.all(pids.map(pssOf))).reduce((all, one) => all + one, 0) / 2 ** 20;
    parts.push(`${name} ${mib.toFixed(0)}`);
    sum += mib;
  }
  console.log(`${when.padEnd(24)} ${sum.toFixed(0).padStart(5)} MiB   (${parts.join(', ')})`);
}

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8')));
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

/** Returns the memory of a process in bytes, with shared pages counted in proportion; 0 if it has just ended. */
async function pssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss: +(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
