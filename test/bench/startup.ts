/**
 * Measures how long the command line takes to start, as a multiple of `node -e 0`, and a cold merge of 50 small files, which
 * qpdf does too. The runs are interleaved, so that the load of the machine is the same for all. Argument: main.js of the
 * program, such as that of its bundle; RUNS=40.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pdf } from '@pdf-tools/harness/samples';

const RUNS = Number(process.env.RUNS ?? 40);
const main = process.argv[2] ?? fileURLToPath(new URL('../../../services/cli/dist/main.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'pdf-tools-startup-'));
const files = await Promise.all(Array.from({ length: 50 }, (_, n) => makeFile(n)));
const out = join(folder, 'out.pdf');

const node = (...args: readonly string[]) => [process.execPath, ...args];
const commands: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': node('-e', '0'),
  '--version': node(main, '--version'),
  '--help': node(main, '--help'),
  'an unknown operation': node(main, 'merge-pfd'),
  'a merge of 50 files': node(main, 'merge-pdf', ...files, '-o', out, '--quiet'),
  'the merge by qpdf': ['qpdf', '--empty', '--pages', ...files, '--', '--object-streams=generate', out],
};
const samples = Object.entries(commands).map(([name, args]) => ({ name, args, times: [] as number[] }));

// The first runs fill the compile cache.
for (const { args } of samples) run(args);
for (let count = 0; count < RUNS; count++) {
  for (const { args, times } of samples) times.push(run(args));
}
const base = median(samples[0]?.times ?? []);
for (const { name, times } of samples) {
  console.log(`${name.padEnd(22)} ${median(times).toFixed(1)} ms  ${(median(times) / base).toFixed(2)}x`);
}
rmSync(folder, { recursive: true });

async function makeFile(n: number): Promise<string> {
  const path = join(folder, `${n}.pdf`);
  writeFileSync(path, await pdf([`File ${n}`, `Page 2 of file ${n}`]));
  return path;
}

function run([command = '', ...args]: readonly string[]): number {
  rmSync(out, { force: true });
  const start = performance.now();
  spawnSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}
