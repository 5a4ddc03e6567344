import { readFile } from 'node:fs/promises';
import type { AppError } from '@pdf-tools/runtime/errors';
import { toAppError } from '@pdf-tools/runtime/errors';
import { readCommand } from './command.js';
import type { Command } from './command.js';
import { runEach } from './each.js';
import { EXIT, FileError, UsageError, exitClass } from './exit-codes.js';
import type { ExitClass } from './exit-codes.js';
import { helpText } from './help.js';
import { runSingle } from './single.js';
import { print } from './stdout.js';

/** Runs the program on its arguments and returns the exit code. Never throws. */
export async function runProgram(args: readonly string[], signal: AbortSignal): Promise<number> {
  let command: Command | undefined;
  try {
    command = readCommand(args);
    return EXIT[await execute(command, signal)].code;
  } catch (thrown) {
    return EXIT[signal.aborted ? 'interrupted' : await explain(thrown, wantsJson(command))].code;
  }
}

async function execute(command: Command, signal: AbortSignal): Promise<ExitClass> {
  switch (command.kind) {
    case 'help':
      await print(helpText(command.operation));
      return 'ok';
    case 'version':
      await print(await readVersion());
      return 'ok';
    case 'single':
      await runSingle(command, signal);
      return 'ok';
    case 'each':
      return (await runEach(command, signal)) ? 'ok' : 'some';
  }
}

/** Says on standard error what is wrong, with `--json` on standard output too, and returns the class of the error. */
async function explain(thrown: unknown, json: boolean): Promise<ExitClass> {
  if (thrown instanceof UsageError) {
    console.error(`pdf-tools: ${thrown.message}\nTry: pdf-tools --help`);
    return 'usage';
  }
  if (thrown instanceof FileError) {
    console.error(`pdf-tools: ${thrown.message}`);
    return thrown.exit;
  }
  const error = toAppError(thrown);
  if (json) await print(JSON.stringify({ ok: false, ...error.toRecord() })).catch(ignore);
  console.error(`pdf-tools: ${error.detail}`);
  if (error.code === 'internal_error') console.error(stackOf(error));
  return exitClass(error);
}

function stackOf({ cause }: AppError): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function wantsJson(command: Command | undefined): boolean {
  return command?.kind === 'single' && command.json;
}

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest instanceof Object && 'version' in manifest ? String(manifest.version) : 'unknown';
}

function ignore(): void {
  // Standard error has the message too.
}
