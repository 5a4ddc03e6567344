/**
 * Measures how long the command line takes to start, as a multiple of `node -e 0`. The runs are interleaved, so that the load
 * of the machine is the same for all. Argument: main.js of the program; RUNS=40.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUNS = Number(process.env.RUNS ?? 40);
const main = process.argv[2] ?? fileURLToPath(new URL('../../../services/cli/dist/main.js', import.meta.url));

const commands: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  '--version': [main, '--version'],
  '--help': [main, '--help'],
  'an unknown operation': [main, 'merge-pfd'],
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

function run(args: readonly string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}
