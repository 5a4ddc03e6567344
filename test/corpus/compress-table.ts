/**
 * Compresses generated images of every colour space, filter, depth, mask and placement, at the defaults and without loss.
 * Compares the pages in poppler and mutool. Prints the faults, and how images were encoded or why they were kept.
 * Argument: folder for work. LIMIT in the environment is the number of cases. Exit status 1 if a case fails.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atFullSize, nameOf, tableCases, tableDocument } from '@pdf-tools/harness/documents/image-table/table';
import type { TableCase } from '@pdf-tools/harness/documents/image-table/table';
import { inLanes } from './lanes.js';
import type { Lane } from './lanes.js';
import { countIn, readOptions } from './options.js';
import { tableFaults } from './table-faults.js';
import type { ImageEntry } from './table-faults.js';

const LIMITS = { ms: 120_000, bytes: 1536 * 2 ** 20 };
/** The report lists 200 images, masks included. */
const CASES_PER_DOCUMENT = 60;
const LEVELS = ['default', 'lossless'] as const;
type Level = (typeof LEVELS)[number];

const [folder = ''] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const cases = chosen(tableCases(), countIn(process.env, 'LIMIT', Infinity));
const groups = Array.from({ length: Math.ceil(cases.length / CASES_PER_DOCUMENT) }, (_none, at) =>
  cases.slice(at * CASES_PER_DOCUMENT, (at + 1) * CASES_PER_DOCUMENT),
);
const actions = new Map<string, number>();
const plan = { lanes: readOptions(process.env).jobs, folder, limits: LIMITS };
const faults = (await inLanes(groups, plan, compressGroup)).flat();
for (const fault of faults) console.log(`FAILED ${fault}`);
for (const [action, count] of [...actions].sort(([one], [other]) => one.localeCompare(other)))
  console.log(`${String(count).padStart(6)} ${action}`);
console.log(`${cases.length} images at ${LEVELS.length} levels, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Cases that are evenly spread. */
function chosen(all: readonly TableCase[], limit: number): readonly TableCase[] {
  if (limit >= all.length) return all;
  return Array.from({ length: limit }, (_none, at) => all[Math.floor((at * all.length) / limit)]).flatMap(
    (each) => each ?? [],
  );
}

async function compressGroup(group: readonly TableCase[], lane: Lane): Promise<string[]> {
  const found: string[] = [];
  for (const level of LEVELS) {
    const faults = await levelFaults(group, level, lane);
    if (faults.length > 0) found.push(...(await steadyFaults(group, level, lane)));
  }
  return found;
}

/** The faults of cases that have them in a document of their own too. mutool keeps glyphs and images between pages. */
async function steadyFaults(group: readonly TableCase[], level: Level, lane: Lane): Promise<string[]> {
  const found: string[] = [];
  for (const each of group) found.push(...(await levelFaults([each], level, lane)));
  if (found.length === 0)
    console.log(`UNSTEADY ${level}: ${group.length} cases from ${group.slice(0, 1).map(nameOf).join('')} on`);
  return found;
}

async function levelFaults(group: readonly TableCase[], level: Level, lane: Lane): Promise<string[]> {
  const input = join(lane.folder, 'in.pdf');
  const outputPath = join(lane.folder, 'out.pdf');
  const isExact = level === 'lossless';
  const cases = isExact ? group.map(atFullSize) : group;
  await writeFile(input, await tableDocument(cases));
  const params = isExact ? { level } : {};
  const { kind, answer } = await lane.child.run({ operation: 'compress-pdf', files: [input], outputPath, params });
  if (!answer?.ok) return [`${level}: ${answer?.detail ?? kind}`];
  const images = (answer.report.images ?? []) as unknown as ImageEntry[];
  if (group.length > 1) count(level, group, images);
  const faults = await tableFaults({ cases, input, output: outputPath, images, isExact });
  return faults.map((fault) => `${level}: ${fault}`);
}

function count(level: Level, group: readonly TableCase[], images: readonly ImageEntry[]): void {
  for (const { page, action, reason, encoding } of images) {
    const each = group[page - 1];
    const outcome = action === 'kept' ? `kept: ${reason ?? ''}` : `${action} as ${encoding ?? ''}`;
    const key = [level.padEnd(8), (each?.space.name ?? '').padEnd(18), (each?.filter.name ?? '').padEnd(15), outcome];
    actions.set(key.join(' '), (actions.get(key.join(' ')) ?? 0) + 1);
  }
}
