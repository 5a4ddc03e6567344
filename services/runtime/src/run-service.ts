import type { z } from 'zod';
import { ConfigError, readConfig } from './config.js';
import type { Environment } from './config.js';

/**
 * Reads the configuration of a service and starts it. If either fails, the process prints the reason and exits with 1.
 * The argument `--version` loads the whole program, prints its version and starts nothing, which fills the compile
 * cache of an image.
 */
export async function runService<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
  start: (config: z.output<Schema>) => Promise<void>,
): Promise<void> {
  if (process.argv[2] === '--version') {
    process.stdout.write(`${environment.BUILD_VERSION ?? 'dev'}\n`);
    return;
  }
  try {
    await start(readConfig(schema, environment));
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
