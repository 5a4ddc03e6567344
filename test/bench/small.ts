/**
 * Measures small requests: processor time, Redis commands, AOF bytes, syncs, system calls and log lines per request, and
 * requests per second. Arguments: folders of compiled trees (default: this one), whose rounds are interleaved, so that
 * versions are compared under the same load of the machine. CLIENTS=8 ROUND_SECONDS=4 ROUNDS=5 COUNTED=200 CASES=NAME,…
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { count, cpuTimes, syncsOf } from './counts.js';
import type { Counts } from './counts.js';
import { quantile } from './figures.js';
import { BenchClient } from './requests.js';

const CLIENTS = Number(process.env.CLIENTS ?? 8);
const SECONDS = Number(process.env.ROUND_SECONDS ?? 4);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const COUNTED = Number(process.env.COUNTED ?? 200);
const IMAGE = process.env.IMAGE ?? '';

interface Case {
  readonly name: string;
  readonly image: Uint8Array;
  readonly clients: number;
  readonly send: (client: BenchClient) => Promise<void>;
}

/** A version, and the samples of each figure. */
interface Version {
  readonly name: string;
  readonly stack: TestStack;
  readonly samples: Map<string, number[]>;
}

const convert = (client: BenchClient) => client.convert();
const photo = IMAGE === '' ? await jpeg(1_400, 1_050) : readFileSync(IMAGE);
const tiny = await jpeg(48, 32);
const cases: readonly Case[] = [
  { name: 'image-to-pdf-small', image: photo, clients: CLIENTS, send: convert },
  { name: 'image-to-pdf-tiny', image: tiny, clients: CLIENTS, send: convert },
  { name: 'image-to-pdf-tiny-alone', image: tiny, clients: 1, send: convert },
  { name: 'job-roundtrip', image: photo, clients: CLIENTS, send: (client) => client.roundtrip() },
];
const chosen = process.env.CASES?.split(',') ?? cases.map(({ name }) => name);

const trees = process.argv.slice(2).map((tree) => resolve(tree));
const versions: Version[] = [];
try {
  for (const tree of trees.length > 0 ? trees : ['']) versions.push(await start(tree));
  for (const each of cases.filter(({ name }) => chosen.includes(name))) await measure(each);
} finally {
  await Promise.all(versions.map(({ stack }) => stack.stop()));
}

/** Starts the services of a tree with the harness of that tree. */
async function start(tree: string): Promise<Version> {
  const harness = pathToFileURL(`${tree}/test/harness/dist/stack.js`).href;
  const Stack = tree === '' ? TestStack : ((await import(harness)) as { TestStack: typeof TestStack }).TestStack;
  const stack = await Stack.start(['api', 'worker', 'scheduler']);
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
  return { name: tree || 'this tree', stack, samples: new Map() };
}

async function measure(each: Case): Promise<void> {
  console.log(`== ${each.name}: ${each.image.length} bytes, ${each.clients} clients`);
  for (const { samples } of versions) samples.clear();
  for (const version of versions) await run(version, each, { seconds: 1 });
  for (let round = 0; round < ROUNDS; round++)
    for (const version of versions) await sampleRound(version, each, round === 0);
  const medians = versions.map(({ samples }) => new Map([...samples].map(([name, of]) => [name, quantile(of, 0.5)])));
  for (const name of versions[0]?.samples.keys() ?? []) {
    const values = medians.map((of) => of.get(name) ?? NaN);
    const [first = NaN] = values;
    const ratios = values.slice(1).map((value) => `${(value / first).toFixed(2)}x`);
    console.log(
      `${name.padEnd(34)} ${values.map((value) => value.toFixed(2).padStart(10)).join('')}   ${ratios.join(' ')}`,
    );
  }
}

/** The counts differ little between rounds, so the first round is enough for them. */
async function sampleRound(version: Version, each: Case, isFirst: boolean): Promise<void> {
  const { stack } = version;
  const before = cpuTimes(stack);
  const { done, seconds, latencies } = await run(version, each, { seconds: SECONDS });
  const after = cpuTimes(stack);
  let total = 0;
  for (const [name, ms] of after) {
    const used = (ms - (before.get(name) ?? 0)) / done;
    total += used;
    sample(version, `CPU ms ${name}`, used);
  }
  sample(version, 'CPU ms together', total);
  sample(version, 'requests/s', done / seconds);
  sample(version, 'latency ms p50', quantile(latencies, 0.5));
  sample(version, 'latency ms p95', quantile(latencies, 0.95));
  if (isFirst) await sampleCounts(version, each);
}

async function sampleCounts(version: Version, each: Case): Promise<void> {
  const counts = await count(version.stack, async () => {
    await run(version, each, { requests: COUNTED });
  });
  const all = [...counts.commands.values()].reduce((sum, value) => sum + value, 0);
  sample(version, 'Redis commands', all / COUNTED);
  sample(version, 'AOF bytes', counts.aofBytes / COUNTED);
  sample(version, 'log lines', counts.logLines / COUNTED);
  for (const name of ['api', 'worker', 'redis'] as const) {
    sample(version, `syncs ${name}`, syncsOf(counts, name) / COUNTED);
    for (const call of ['write', 'writev', 'mkdir'])
      sample(version, `${call} ${name}`, (counts.calls.get(name)?.get(call) ?? 0) / COUNTED);
  }
  console.log(`${version.name}: ${describeCommands(counts)}`);
}

function describeCommands({ commands }: Counts): string {
  const sorted = [...commands].sort(([, left], [, right]) => right - left);
  return sorted.map(([name, value]) => `${name} ${(value / COUNTED).toFixed(2)}`).join(', ');
}

function sample({ samples }: Version, name: string, value: number): void {
  samples.set(name, [...(samples.get(name) ?? []), value]);
}

/** Sends requests over all connections for some time, or a number of them. */
async function run(
  { stack }: Version,
  { image, clients, send }: Case,
  { seconds = Infinity, requests = Infinity }: { seconds?: number; requests?: number },
) {
  const client = new BenchClient(stack.url, image, clients);
  const begun = performance.now();
  const latencies: number[] = [];
  let left = requests;
  const loop = async (): Promise<void> => {
    while (left-- > 0 && performance.now() - begun < seconds * 1_000) {
      const sent = performance.now();
      await send(client);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: clients }, loop));
  client.close();
  return { done: latencies.length, seconds: (performance.now() - begun) / 1_000, latencies };
}
