import { runProgram } from './program.js';

// Libraries warn about damaged files on the console; a person at the terminal gets our own words instead.
console.warn = () => undefined;

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    interruption.abort();
  });
}

process.exitCode = await runProgram(process.argv.slice(2), interruption.signal);
