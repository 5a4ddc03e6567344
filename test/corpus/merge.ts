/**
 * Merges every file of a corpus with a small partner, judges the result by what independent readers see in file and
 * result, and merges the shared attacks. Arguments: folder of the corpus, folder for caches and work. FILES and LIMIT
 * choose files. Exit status 1 if less than 98.5 % are correct or an attack gets a wrong answer.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { everything } from '@pdf-tools/harness/documents/everything';
import { attackMerge } from './attacks.js';
import { judge } from './judge.js';
import type { Class, Judgement } from './judge.js';
import { knowInput } from './known.js';
import { inLanes } from './lanes.js';
import { chooseFiles } from './options.js';

const THRESHOLD = 0.985;
const PARTNER_PAGES = 4;
const LIMITS = { ms: 10_000, bytes: 1024 * 2 ** 20 };
const CLASSES: readonly Class[] = ['right', 'refused rightly', 'wrong', 'hang', 'crash'];

const [corpus = '', folder = ''] = process.argv.slice(2);
const partner = join(folder, 'partner.pdf');
await mkdir(folder, { recursive: true });
await writeFile(partner, await everything({ label: 'partner', pages: PARTNER_PAGES }));

let good = true;
if (corpus === '') console.log('NO CORPUS: no real file was merged');
else good = await mergeCorpus();
good = (await attackMerge(folder, partner)) && good;
process.exitCode = good ? 0 : 1;

async function mergeCorpus(): Promise<boolean> {
  const files = await chooseFiles(corpus, process.env);
  const judgements = await inLanes(
    files,
    { lanes: 2, folder, limits: LIMITS },
    async (input, lane): Promise<Judgement> => {
      const known = await knowInput(input, join(folder, 'inputs'));
      const output = join(lane.folder, 'out.pdf');
      const ending = await lane.child.run({ operation: 'merge-pdf', files: [input, partner], outputPath: output });
      const merge = { input, partner, partnerPages: PARTNER_PAGES, output, folder: lane.folder };
      return judge(ending, merge, known);
    },
  );
  printJudgements(files, judgements);
  const count = judgements.filter(({ kind }) => isRight(kind)).length;
  console.log(
    `${count} of ${files.length} right: ${((100 * count) / files.length).toFixed(1)} % (at least ${100 * THRESHOLD} %)`,
  );
  return count >= THRESHOLD * files.length;
}

function printJudgements(files: readonly string[], judgements: readonly Judgement[]): void {
  for (const [index, { kind, why }] of judgements.entries()) {
    if (why !== '' && kind !== 'refused rightly')
      console.log(`${kind.padEnd(6)} ${relative(corpus, files[index] ?? '')}: ${why}`);
  }
  for (const kind of CLASSES) {
    console.log(`${kind.padEnd(16)} ${judgements.filter((judgement) => judgement.kind === kind).length}`);
  }
}

function isRight(kind: Class): boolean {
  return kind === 'right' || kind === 'refused rightly';
}
