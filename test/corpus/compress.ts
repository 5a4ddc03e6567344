/**
 * Compresses every file of a corpus and judges each result by what independent readers see in file and result.
 * Arguments: folder of the corpus, folder for the cache and for work. `options.ts` reads the rest from the environment.
 * Exit status 1 if a result is damaged or larger than its input, or less than 98.5 % are handled.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { everything } from '@pdf-tools/harness/documents/everything';
import { inLanes } from './lanes.js';
import { chooseFiles, readOptions } from './options.js';
import { tryFile } from './outcome.js';
import { tallyOf } from './tally.js';

const LIMITS = { ms: 60_000, bytes: 1536 * 2 ** 20 };

const [corpus = '', folder = ''] = process.argv.slice(2);
const started = Date.now();
const options = readOptions(process.env);
const places = {
  cache: join(folder, 'inputs'),
  partner: join(folder, 'partner.pdf'),
  damaged: join(folder, 'damaged'),
};
if (corpus === '') {
  console.log('NO CORPUS: no file was compressed');
} else {
  await mkdir(folder, { recursive: true });
  await rm(places.damaged, { recursive: true, force: true });
  await writeFile(places.partner, await everything({ label: 'partner' }));
  const files = await chooseFiles(corpus, process.env);
  const outcomes = await inLanes(files, { lanes: options.jobs, folder, limits: LIMITS }, (input, lane) =>
    tryFile(input, lane, places, options),
  );
  const { lines, passed } = tallyOf(outcomes, (path) => relative(corpus, path));
  for (const line of lines) console.log(line);
  console.log(`took ${Math.round((Date.now() - started) / 1_000)} s; damaged results are in ${places.damaged}`);
  await writeFile(join(folder, 'outcomes.json'), JSON.stringify(outcomes, null, 1));
  process.exitCode = passed ? 0 : 1;
}
