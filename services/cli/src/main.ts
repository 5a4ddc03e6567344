import { runProgram } from './program.js';

// Libraries warn about damaged files on the console; a person at the terminal gets our own words instead.
console.warn = () => undefined;

// A terminal that is gone must not end the program before its temporary files are removed.
process.stderr.on('error', () => undefined);

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    interruption.abort();
  });
}

process.exitCode = await runProgram(process.argv.slice(2), interruption.signal);
// What was interrupted may still wait for a reader or for standard input.
if (interruption.signal.aborted) process.exit();
