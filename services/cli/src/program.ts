import { isOperationName } from '@pdf-tools/operations/registry';
import type { AppError } from '@pdf-tools/runtime/errors';
import { toAppError } from '@pdf-tools/runtime/errors';
import { readCommand } from './command.js';
import type { Command } from './command.js';
import { EXIT, FileError, UsageError, exitClass } from './exit-codes.js';
import type { ExitClass } from './exit-codes.js';
import { helpText } from './help.js';
import { print } from './stdout.js';

/** Runs the program on its arguments and returns its exit code. Never throws. */
export async function runProgram(args: readonly string[], version: () => string, signal: AbortSignal): Promise<number> {
  let command: Command | undefined;
  try {
    command = readCommand(args);
    return EXIT[await execute(command, version, signal)].code;
  } catch (thrown) {
    if (signal.aborted) return EXIT.interrupted.code;
    return EXIT[await report(thrown, { args, json: wantsJson(command) })].code;
  }
}

async function execute(command: Command, version: () => string, signal: AbortSignal): Promise<ExitClass> {
  switch (command.kind) {
    case 'help':
      await print(helpText(command.operation));
      return 'ok';
    case 'version':
      await print(version());
      return 'ok';
    case 'single': {
      const { runSingle } = await import('./single.js');
      await runSingle(command, signal);
      return 'ok';
    }
    case 'each': {
      const { runEach } = await import('./each.js');
      return (await runEach(command, signal)) ? 'ok' : 'some';
    }
  }
}

/** Prints an error on standard error, with `--json` also on standard output, and returns its class. */
async function report(
  thrown: unknown,
  { args, json }: { readonly args: readonly string[]; readonly json: boolean },
): Promise<ExitClass> {
  if (thrown instanceof UsageError) {
    console.error(`pdf-tools: ${thrown.message}\nRun ${helpCommand(args)} for usage and options.`);
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

function helpCommand([name = '']: readonly string[]): string {
  return isOperationName(name) ? `pdf-tools ${name} --help` : 'pdf-tools --help';
}

function stackOf({ cause }: AppError): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function wantsJson(command: Command | undefined): boolean {
  return command?.kind === 'single' && command.json;
}

function ignore(): void {
  // Standard error has the message too.
}
