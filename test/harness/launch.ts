import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@pdf-tools/runtime/logger';
import { findLauncher } from '@pdf-tools/worker/sandbox/launcher';
import type { Launcher } from '@pdf-tools/worker/sandbox/launcher';

/** Starts one of the child processes of test/support as the worker starts its own, with folders made for it. */
export async function launcherOf(
  module: string,
  { heapMb = 64, memoryMb = 400, syscallFilter = process.env.CHILD_SYSCALL_FILTER ?? '' } = {},
): Promise<Launcher & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'pdf-tools-launcher-'));
  const [uploads, temp] = [join(folder, 'uploads'), join(folder, 'temp')];
  for (const made of [uploads, temp]) mkdirSync(made);
  const entry = new URL(`./${module}.js`, import.meta.url);
  const log = createLogger({ service: 'test', level: 'error' });
  const launcher = await findLauncher({ entry, heapMb, memoryMb, uploads, temp, syscallFilter }, log);
  return {
    ...launcher,
    folder,
    close: () => {
      launcher.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
