import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SCRIPTS } from '@pdf-tools/jobs/scripts';
import type { ScriptName } from '@pdf-tools/jobs/scripts';
import { form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { scan } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { readTrace, strace } from '@pdf-tools/harness/strace';
import type { Call } from '@pdf-tools/harness/strace';

/**
 * Killing a process proves nothing about a power cut, because its writes are in the kernel. A power cut requires an order:
 * first the bytes on disk, then the names, then the record. The test reads the order from the system calls.
 */
jest.setTimeout(120_000);

let stack: TestStack;
let job: Job;
let api: Call[];
let worker: Call[];

const traceOf = (service: string): string => join(stack.folder, `${service}.strace`);

beforeAll(async () => {
  stack = await TestStack.start([]);
  for (const service of ['api', 'worker'] as const) await stack.startService(service, strace(traceOf(service)));
  // The first job loads the scripts into Redis. From the second on they are called by their hash.
  await compress();
  job = await compress();
  await stack.process('api').stop();
  await stack.process('worker').stop();
  [api, worker] = [await readTrace(traceOf('api')), await readTrace(traceOf('worker'))];
});
afterAll(() => stack.stop());

async function compress(): Promise<Job> {
  const body = form([{ name: 'scan.pdf', bytes: await scan(1), field: 'file' }]);
  const accepted = await fetch(`${stack.url}/api/compress-pdf?async=true`, { method: 'POST', body });
  const { id } = await json<Job>(accepted);
  return eventually(async () => {
    const view = await json<Job>(await fetch(`${stack.url}/api/jobs/${id}`));
    return view.status === 'succeeded' && view;
  }, 'succeeded');
}

/** Returns the calls on a file or folder of the job, by its path below the data folder. */
function on(calls: readonly Call[], names: readonly string[], path: string): Call[] {
  const named = calls.filter(({ name }) => names.includes(name));
  return named.filter(({ args }) => args.includes(`<${join(stack.folder, path)}>`));
}

const WRITES = ['write', 'writev', 'pwrite64', 'pwritev'];
const SYNCS = ['fsync', 'fdatasync'];

/** Returns the one call that sends a script for the job to Redis. */
function sent(calls: readonly Call[], script: ScriptName, ...words: string[]): Call {
  const sha1 = createHash('sha1').update(SCRIPTS[script]).digest('hex');
  const found = calls.filter(({ args }) => [sha1, job.id, ...words].every((word) => args.includes(word)));
  expect(found).toHaveLength(1);
  expect(found[0]?.args).toContain(`->127.0.0.1:${stack.redisPort}]>`);
  return only(found);
}

function only(calls: readonly Call[]): Call {
  const [call] = calls;
  if (!call) throw new Error('there is no such call');
  return call;
}

function last(calls: readonly Call[]): Call {
  return only(calls.slice(-1));
}

/** Checks that each call returned before the next one began. */
function expectOrder(...calls: readonly Call[]): void {
  for (const [i, call] of calls.slice(1).entries()) expect(call.began).toBeGreaterThan(calls[i]?.returned ?? Infinity);
}

describe('the folders of all jobs', () => {
  it('are on disk before the first job is accepted', () => {
    const made = mkdtempSync(join(stack.folder, 'fresh-'));
    const trace = join(stack.folder, 'prepare.strace');
    const [command = '', ...options] = strace(trace);
    const storage = new URL('../../../services/runtime/dist/volume.js', import.meta.url).href;
    const script = `new (await import(${JSON.stringify(storage)})).VolumeStorage(${JSON.stringify(`${made}/new/data`)}).prepare()`;
    execFileSync(command, [...options, process.execPath, '--input-type=module', '-e', script]);
    const synced = readFileSync(trace, 'utf8').matchAll(/fsync\(\d+<([^>]+)>/g);
    const folders = new Set([...synced].map(([, path]) => path));
    expect(folders).toEqual(new Set([made, `${made}/new`, `${made}/new/data`]));
  });
});

describe('an uploaded file', () => {
  it('is on disk with its name and its folder’s name before the job is accepted', () => {
    const file = `uploads/${job.id}/0`;
    const accept = sent(api, 'accept');
    expectOrder(last(on(api, WRITES, file)), only(on(api, SYNCS, file)), accept);
    expectOrder(only(on(api, SYNCS, file)), only(on(api, SYNCS, `uploads/${job.id}`)), accept);
    const folders = on(api, SYNCS, 'uploads').filter((sync) => sync.began > only(on(api, WRITES, file)).returned);
    expectOrder(only(folders), accept);
  });
});

/** Path below the data folder that the child process wrote the job's output to. */
function slotOutput(calls: readonly Call[]): string {
  const [rename] = calls.filter(({ name, args }) => name === 'rename' && args.includes(job.id));
  const [, path = ''] = /^"([^"]+)"/.exec(rename?.args ?? '') ?? [];
  return relative(stack.folder, path);
}

describe('a result file', () => {
  it('is on disk before it gets its name, and its name is on disk before the record names it', () => {
    const run = `temp/${job.id}/1`;
    const [partial, result] = ['out.partial', 'out.pdf'].map((name) => join(stack.folder, run, name));
    const renames = worker.filter(({ name, args }) => name === 'rename' && args.includes(job.id));
    expect(renames.map(({ args }) => args.replace(/\).*/, ''))).toEqual([
      `"${join(stack.folder, slotOutput(worker))}", "${partial}"`,
      `"${partial}", "${result}"`,
    ]);
    expectOrder(
      last(on(worker, WRITES, slotOutput(worker))),
      only(renames.slice(0, 1)),
      only(on(worker, SYNCS, `${run}/out.partial`)),
      last(renames),
      only(on(worker, SYNCS, run)),
      sent(worker, 'finish', 'succeeded'),
    );
  });

  it('has its new folders on disk before the record names it', () => {
    const renamed = last(worker.filter(({ name, args }) => name === 'rename' && args.includes(job.id)));
    for (const folder of [`temp/${job.id}`, 'temp']) {
      const syncs = on(worker, SYNCS, folder).filter(({ began }) => began > renamed.returned);
      expectOrder(only(syncs), sent(worker, 'finish', 'succeeded'));
    }
  });

  it('is written by a child process, and made durable by the parent process', () => {
    const partial = `temp/${job.id}/1/out.partial`;
    const finish = sent(worker, 'finish', 'succeeded');
    const writers = new Set(on(worker, WRITES, slotOutput(worker)).map(({ pid }) => pid));
    expect(writers.size).toBeGreaterThan(0);
    expect(writers).not.toContain(finish.pid);
    expect(writers).not.toContain(only(on(worker, SYNCS, partial)).pid);
  });
});
