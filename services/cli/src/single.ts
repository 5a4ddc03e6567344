import type { SingleCommand } from './command.js';
import { UsageError } from './exit-codes.js';
import { withOutput, withTempDir } from './output.js';
import { createProgressLine } from './progress.js';
import { runOperation } from './run-operation.js';
import { print } from './stdout.js';
import { refuseInputs, resolveTarget } from './target.js';

/** Runs an operation on the files of the command line. With `--json`, prints a report. */
export async function runSingle(command: SingleCommand, signal: AbortSignal): Promise<void> {
  const { operation, params, files, output } = command;
  const target = await resolveTarget(output);
  if (command.json && target.kind === 'stdout')
    throw new UsageError(`--json and -o ${output} both write to standard output. Write the result to a file.`);
  await refuseInputs(target, files);
  const line = createProgressLine(command.quiet);
  try {
    const outcome = await withTempDir((tempDir) =>
      withOutput(target, signal, (outputPath) =>
        runOperation(
          { operation, params, files, outputPath, tempDir },
          {
            signal,
            progress: (percent, stage) => {
              line.show(`${operation}: ${percent} % ${stage}`);
            },
          },
        ),
      ),
    );
    if (command.json) await print(JSON.stringify({ operation, ok: true, ...outcome }));
  } finally {
    line.clear();
  }
}
