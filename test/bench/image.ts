/**
 * Measures image-to-pdf beside img2pdf, the predecessor's Pillow, and sharp. In each round, each contender converts the
 * same files once; the medians count. Arguments: a Python with img2pdf (or ""), a folder for inputs. CASES names cases.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WarmChild } from '@pdf-tools/harness/warm-child';
import { quantile } from './figures.js';
import { bytesOf, readyImages, touch } from './image-inputs.js';
import type { ImageCase } from './image-inputs.js';
import { Resident } from './peers/resident.js';
import type { PeerOrder, Sample } from './peers/resident.js';

interface Contender {
  readonly name: string;
  readonly convert: (order: PeerOrder) => Promise<Sample>;
  readonly stop: () => void;
}

interface Measured extends Sample {
  readonly output: number;
}

/** Python files are not compiled, so this one stays in the source folder. */
const IMAGE_PEER = fileURLToPath(new URL('../../bench/peers/image-peer.py', import.meta.url));
const SHARP = fileURLToPath(new URL('./peers/sharp-png.js', import.meta.url));
const NO_LIMITS = { ms: 600_000, bytes: Infinity };

const [python = '', folder = ''] = process.argv.slice(2);
const wanted = (process.env.CASES ?? '').split(',').filter((name) => name !== '');
const out = await mkdtemp(join(tmpdir(), 'pdf-tools-bench-'));
await mkdir(folder, { recursive: true });
try {
  for (const each of await readyImages(folder, wanted)) await measure(each);
} finally {
  await rm(out, { recursive: true });
}

async function startContenders(name: string): Promise<Contender[]> {
  const child = new WarmChild(NO_LIMITS);
  await child.start();
  const ours: Contender = {
    name: 'ours',
    convert: async ({ files, out: outputPath }) => {
      const { kind, answer, peak, before } = await child.run({ operation: 'image-to-pdf', files, outputPath });
      if (!answer?.ok) throw new Error(`ours ended with ${answer ? answer.detail : kind}`);
      return { ms: answer.ms, peak, before };
    },
    stop: () => {
      child.stop();
    },
  };
  if (name.startsWith('avif')) return [ours, await resident('sharp', process.execPath, [SHARP])];
  if (python === '') return [ours];
  const peers = ['img2pdf', ...(name.includes('500') ? [] : ['pillow'])];
  return [ours, ...(await Promise.all(peers.map((peer) => resident(peer, python, [IMAGE_PEER, peer]))))];
}

async function resident(name: string, command: string, args: readonly string[]): Promise<Contender> {
  const process = await Resident.start(command, args);
  return {
    name,
    convert: (order) => process.merge(order),
    stop: () => {
      process.stop();
    },
  };
}

async function measure({ name, files, rounds }: ImageCase): Promise<void> {
  const contenders = await startContenders(name);
  const samples = new Map<Contender, Measured[]>(contenders.map((contender) => [contender, []]));
  await touch(files);
  try {
    // The first round warms up, unless there is only one.
    for (let round = rounds > 1 ? -1 : 0; round < rounds; round++)
      for (const [contender, taken] of samples) {
        const sample = await convertOnce(contender, files);
        if (round >= 0) taken.push(sample);
      }
    const input = await bytesOf(files);
    console.log(`\n${name}: ${files.length} files, ${(input / 1e6).toFixed(1)} MB, ${rounds} rounds`);
    for (const line of tableOf(samples, input)) console.log(line);
  } finally {
    for (const { stop } of contenders) stop();
  }
}

async function convertOnce(contender: Contender, files: readonly string[]): Promise<Measured> {
  const place = join(out, 'out.pdf');
  const sample = await contender.convert({ files, out: place });
  const output = await bytesOf([place]);
  await rm(place);
  return { ...sample, output };
}

function tableOf(samples: ReadonlyMap<Contender, readonly Measured[]>, input: number): string[] {
  const medians = [...samples].map(([contender, taken]) => ({
    name: contender.name,
    ms: quantile(
      taken.map(({ ms }) => ms),
      0.5,
    ),
    peak: Math.max(...taken.map(({ peak }) => peak)),
    output: taken.at(-1)?.output ?? 0,
  }));
  const ours = medians[0]?.ms ?? NaN;
  const header = ['', 'ms', 'ours/it', 'peak MB', 'out/in'].map(cell).join('');
  return [
    header,
    ...medians.map(({ name, ms, peak, output }) =>
      [name, ms.toFixed(0), (ours / ms).toFixed(2), (peak / 2 ** 20).toFixed(0), (output / input).toFixed(3)]
        .map(cell)
        .join(''),
    ),
  ];
}

function cell(text: string, column: number): string {
  return column === 0 ? text.padEnd(12) : text.padStart(10);
}
