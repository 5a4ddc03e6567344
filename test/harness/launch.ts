import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@pdf-tools/runtime/logger';
import { findLauncher } from '@pdf-tools/worker/sandbox/launcher';
import type { Launcher } from '@pdf-tools/worker/sandbox/launcher';

/** A launcher for a test, with the folder that everything of the test is in. */
export interface TestLauncher extends Launcher {
  readonly folder: string;
  readonly slots: string;
  readonly close: () => void;
}

/** Starts one of the child processes of test/harness as the worker starts its own, with folders made for it. */
export async function launcherOf(
  module: string,
  { heapMb = 64, memoryMb = 400, syscallFilter = process.env.CHILD_SYSCALL_FILTER ?? '' } = {},
): Promise<TestLauncher> {
  const folder = mkdtempSync(join(tmpdir(), 'pdf-tools-launcher-'));
  const slots = join(folder, 'slots');
  for (const name of ['uploads', 'temp', 'slots']) mkdirSync(join(folder, name));
  const entry = new URL(`./${module}.js`, import.meta.url);
  const log = createLogger({ service: 'test', level: 'error' });
  const close = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  const launcher = await findLauncher({ entry, heapMb, memoryMb, slots, syscallFilter }, log).catch(
    (error: unknown) => {
      close();
      throw error;
    },
  );
  return {
    sandbox: launcher.sandbox,
    start: (slot, operation) => launcher.start(slot, operation),
    folder,
    slots,
    close,
  };
}
