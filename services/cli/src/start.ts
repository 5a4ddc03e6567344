import { runProgram } from './program.js';

/** Runs the program on its arguments and sets the exit code of the process. */
export async function start(args: readonly string[], version: () => string): Promise<void> {
  // Libraries warn about damaged files on the console. Users get this program's own messages instead.
  console.warn = () => undefined;
  // A closed terminal must not end the program before its temporary files are removed.
  process.stderr.on('error', () => undefined);
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      interruption.abort();
    });
  }
  process.exitCode = await runProgram(args, version, interruption.signal);
  // After an interruption, standard input or the reader of a FIFO may keep the process alive.
  if (interruption.signal.aborted) process.exit();
}
