import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from './logger.js';

const INTERVAL_MS = 5_000;

/**
 * Writes a file every 5 s while `check` resolves, for health checks of processes without a port. A file older than 30 s means
 * that the process hangs or cannot work.
 */
export function startHeartbeat(file: string, check: () => Promise<unknown>, log: Logger): { stop(): void } {
  const beat = async (): Promise<void> => {
    try {
      await check();
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${new Date().toISOString()}\n`);
    } catch (error) {
      log.warn('not healthy', { error });
    }
  };
  void beat();
  const timer = setInterval(() => void beat(), INTERVAL_MS);
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}
