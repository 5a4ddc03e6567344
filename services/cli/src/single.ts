import type { SingleCommand } from './command.js';
import { refuseOverwrite, withOutput, withTempDir } from './output.js';
import { createProgressLine } from './progress.js';
import { runOperation } from './run-operation.js';

/** Runs one operation on the files of the command line and prints the report where it is wanted. */
export async function runSingle(command: SingleCommand, signal: AbortSignal): Promise<void> {
  const { operation, params, files, output } = command;
  await refuseOverwrite(output, files);
  const line = createProgressLine(command.quiet);
  try {
    const outcome = await withTempDir((tempDir) =>
      withOutput(output, (outputPath) =>
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
    if (command.json) console.log(JSON.stringify({ operation, ok: true, ...outcome }));
  } finally {
    line.clear();
  }
}
