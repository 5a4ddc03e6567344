import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { png } from '@pdf-tools/harness/samples';
import { call } from '../stack/client.js';
import type { Answer } from '../stack/client.js';
import { sharedAttacks } from './corpus.js';
import type { Attack } from './corpus.js';
import { workerConfig } from '@pdf-tools/worker/config';
import { RECYCLE_SHARE } from '@pdf-tools/worker/pool';
import { Canary, WorkerShell, starts } from './inside.js';
import type { State } from './inside.js';
import { ownAttacks } from './own-attacks.js';
import { judge } from './judgement.js';
import type { Outcome, Judgement } from './judgement.js';

jest.setTimeout(1_200_000);

const READER_MS = 60_000;
const LOOK_AGAIN_MS = 100;
const MAX_LOOKS = 100;
/** Classes whose results are also checked by qpdf. */
const READ = new Set(['ACCEPT', 'NEUTRAL', 'REJECT_OR_REPAIR']);

interface Sent {
  readonly attack: Attack;
  readonly operation: string;
  readonly outcome: Outcome;
  readonly judgement: Judgement;
}

const sent: Sent[] = [];
/** State that changed after an attack. */
const damage: string[] = [];
let attacks: Attack[];
let before: State;
let after: State;
let began: string[];
let ended: string[];
let bites: string[];

beforeAll(async () => {
  const shell = new WorkerShell();
  const canary = new Canary();
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-hostile-'));
  await canary.start();
  attacks = [...(await ownAttacks()), ...(await sharedAttacks())];
  const good = await png(16, 16);
  await expectGood(good);
  [before, began] = [await shell.look(), await starts()];
  for (const attack of attacks) {
    for (const operation of fitting(attack)) sent.push(await send(attack, operation, folder));
    damage.push(...(await lookAfter(attack, good, shell)));
  }
  [after, ended] = [await shell.look(), await starts()];
  bites = await canary.stop();
  shell.close();
  await rm(folder, { recursive: true });
  process.stderr.write(`\n${table()}\n\n`);
});

afterAll(() => {
  // The files are large, and the report of a failure does not need them.
  sent.length = 0;
});

/** Returns the operations that accept this format. Operations on PDFs also accept a PDF that claims to be an image. */
function fitting({ endpoint, bytes }: Attack): string[] {
  if (endpoint === 'pdf') return ['merge-pdf', 'compress-pdf'];
  return bytes.subarray(0, 5).toString() === '%PDF-' ? ['image-to-pdf'] : ['image-to-pdf', 'merge-pdf'];
}

function upload(
  operation: string,
  { file, contentType, bytes }: Pick<Attack, 'file' | 'contentType' | 'bytes'>,
): Promise<Answer> {
  const body = new FormData();
  body.append('retain', '0');
  const field = operation === 'compress-pdf' ? 'file' : 'files';
  body.append(field, new Blob([new Uint8Array(bytes)], { type: contentType }), file);
  return call(`/api/${operation}`, { method: 'POST', body });
}

/** Files with a bomb in an object without references. Operations copy only referenced objects and never read it. */
const OUT_OF_REACH: ReadonlySet<string> = new Set([
  'own_objstm.pdf',
  'own_layers.pdf',
  'own_xref_rows.pdf',
  'pdf_flate_objstm_600m_1layer.pdf',
]);

/** Files of a refused class that the engine can read in full, because page trees may have any depth. Their results must be valid. */
const READ_IN_FULL: ReadonlySet<string> = new Set(['pdf_tree_deep.pdf']);

const problem = z.object({ code: z.string() });

async function send(sample: Attack, operation: string, folder: string): Promise<Sent> {
  const attack = READ_IN_FULL.has(sample.file) ? { ...sample, expected: 'ACCEPT' } : sample;
  const start = Date.now();
  const { status, body } = await upload(operation, attack);
  const ms = Date.now() - start;
  const code = status === 200 ? '' : problem.parse(JSON.parse(body.toString())).code;
  const reader =
    status === 200 && (READ.has(attack.expected) || OUT_OF_REACH.has(attack.file))
      ? await readerSays(body, folder)
      : undefined;
  const outcome = { status, code, body, ms, reader };
  const unread = OUT_OF_REACH.has(attack.file);
  return { attack, operation, outcome, judgement: judge(attack.expected, outcome, { ...attack, unread }) };
}

/** Returns the exit status of `qpdf --check`: 0 for a valid file. */
async function readerSays(pdf: Buffer, folder: string): Promise<number> {
  const path = join(folder, 'result.pdf');
  await writeFile(path, pdf);
  return new Promise((resolve) => {
    execFile('qpdf', ['--check', path], { timeout: READER_MS }, (error) => {
      resolve(error ? (typeof error.code === 'number' ? error.code : 99) : 0);
    });
  });
}

async function expectGood(good: Buffer): Promise<string[]> {
  const { status, body } = await upload('image-to-pdf', { file: 'good.png', contentType: 'image/png', bytes: good });
  const healthy = (await call('/health')).status;
  return status === 200 && body.subarray(0, 5).toString() === '%PDF-' && healthy === 200
    ? []
    : [`good request ${status}, health ${healthy}`];
}

/**
 * Returns the state once no file of this suite remains, or the last state if some remain. The worker deletes inputs after
 * its response. Unexpired files of other suites do not count.
 */
async function cleaned(shell: WorkerShell): Promise<State> {
  for (let looks = 1; ; looks++) {
    const state = await shell.look();
    const files = state.files.filter((path) => !before.files.includes(path));
    if (files.length === 0 || looks === MAX_LOOKS) return { ...state, files };
    await sleep(LOOK_AGAIN_MS);
  }
}

async function lookAfter({ file }: Attack, good: Buffer, shell: WorkerShell): Promise<string[]> {
  const found = await expectGood(good);
  const { worker, files } = await cleaned(shell);
  if (worker !== before.worker) found.push(`worker was ${before.worker}, is ${worker}`);
  if (files.length > 0) found.push(`left behind: ${files.join(' ')}`);
  return found.map((what) => `${file}: ${what}`);
}

function table(): string {
  const rows = sent.map(({ attack, operation, outcome, judgement }) =>
    [
      judgement.kind === 'wrong' ? 'WRONG' : judgement.kind === 'allowed' ? 'box' : 'ok',
      attack.file.padEnd(36),
      operation.padEnd(12),
      attack.expected.padEnd(16),
      `${outcome.status} ${outcome.code}`.padEnd(24),
      `${outcome.ms} ms`.padStart(9),
    ].join(' '),
  );
  const allowed = sent.flatMap(({ attack, operation, judgement }) =>
    judgement.kind === 'allowed' ? [`  ${attack.file} ${operation}: ${judgement.why}`] : [],
  );
  const right = sent.filter(({ judgement }) => judgement.kind !== 'wrong').length;
  const [from, to] = [before, after].map(
    ({ main, largestChild }) => `${Math.round(main / 2 ** 20)} + ${Math.round(largestChild / 2 ** 20)} MiB`,
  );
  return [
    ...rows,
    ...(attacks.some(({ file }) => !file.startsWith('own_'))
      ? []
      : ['NO SHARED ATTACKS HERE: only the suite’s own were sent']),
    `${right} of ${sent.length} answers right (${attacks.length} files); memory of the worker and its largest child ${from} before, ${to} after`,
    `right only because of what is said of them (${allowed.length}):`,
    ...allowed,
  ].join('\n');
}

describe('hostile files', () => {
  it('get the response that their class requires', () => {
    const wrong = sent.flatMap(({ attack, operation, judgement }) =>
      judgement.kind === 'wrong' ? [`${attack.file} ${operation}: ${judgement.why}`] : [],
    );
    expect(wrong).toEqual([]);
  });

  it('change no state: the next request succeeds, no file remains, the worker does not restart', () => {
    expect(damage).toEqual([]);
  });

  it('stop no container', () => {
    expect(ended).toEqual(began);
  });

  it('leave no memory allocated', () => {
    // Each child may use memory up to the limit at which the pool replaces it.
    const limitBytes = workerConfig.shape.CHILD_MEMORY_MB.parse(undefined) * 2 ** 20;
    expect(after.main).toBeLessThan(2 * before.main);
    expect(after.largestChild).toBeLessThan(RECYCLE_SHARE * limitBytes);
  });

  it('open no connection', () => {
    expect(bites).toEqual(['up']);
  });
});
