import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedAttacks } from '../hostile/corpus.js';
import type { Attack } from '../hostile/corpus.js';
import { judge } from '../hostile/judgement.js';
import type { Ending } from '@pdf-tools/harness/warm-child';
import { inLanes } from './lanes.js';
import { qpdfCheck } from './readers.js';

const LIMITS = { ms: 10_000, bytes: 1536 * 2 ** 20 };
/**
 * Limits of a refusal: milliseconds of wall-clock time (or of CPU time if other work keeps the processors busy), and bytes
 * of resident memory on top of those before.
 */
const REFUSAL = { ms: 2_000, bytes: 256 * 2 ** 20 };

/** Merges every PDF of the shared attacks with the partner. Returns whether each gets the required answer. */
export async function attackMerge(folder: string, partner: string): Promise<boolean> {
  const attacks = (await sharedAttacks()).filter(({ endpoint }) => endpoint === 'pdf');
  if (attacks.length === 0) {
    console.log('NO SHARED ATTACKS: no hostile file was merged');
    return true;
  }
  const faults = await inLanes(
    attacks,
    { lanes: 1, folder, limits: LIMITS },
    async (attack, lane): Promise<string[]> => {
      const [input, output] = [join(lane.folder, 'attack.pdf'), join(lane.folder, 'out.pdf')];
      await writeFile(input, attack.bytes);
      await lane.child.start();
      const ending = await lane.child.run({ operation: 'merge-pdf', files: [input, partner], outputPath: output });
      return faultsOf(attack, ending, output);
    },
  );
  const wrong = attacks.flatMap(({ file }, index) => (faults[index] ?? []).map((why) => `attack ${file}: ${why}`));
  for (const line of wrong) console.log(line);
  console.log(`${faults.filter((each) => each.length === 0).length} of ${attacks.length} attacks got what they must`);
  return wrong.length === 0;
}

async function faultsOf(attack: Attack, { kind, answer, peak, before }: Ending, output: string): Promise<string[]> {
  if (!answer) return [`${kind}, peak ${Math.round(peak / 2 ** 20)} MiB`];
  const outcome = answer.ok
    ? { status: 200, code: '', body: await resultOf(output), ms: answer.ms, reader: (await qpdfCheck(output)).status }
    : { status: answer.status, code: answer.code, body: Buffer.from(answer.detail), ms: answer.ms };
  const judgement = judge(attack.expected, outcome, attack);
  const took = Math.min(answer.ms, answer.cpuMs);
  const more = Math.round((peak - before) / 2 ** 20);
  return [
    ...(judgement.kind === 'wrong' ? [judgement.why] : []),
    ...(!answer.ok && took > REFUSAL.ms ? [`refused after ${Math.round(took)} ms`] : []),
    ...(!answer.ok && peak - before > REFUSAL.bytes ? [`refused with ${more} MiB more`] : []),
  ];
}

/** Returns a small result, so that the caller can search it for forbidden content. */
async function resultOf(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  return size < 8 * 2 ** 20 ? readFile(path) : Buffer.alloc(0);
}
