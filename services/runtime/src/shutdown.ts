import type { Logger } from './logger.js';

/** One step of the shutdown. */
export interface ShutdownStep {
  readonly name: string;
  readonly close: () => Promise<unknown>;
}

/**
 * Runs the steps in order on SIGTERM or SIGINT, then exits with 0. A step that fails is logged and does not stop the others.
 * After `graceMs` the process exits with 1. A second signal is ignored.
 */
export function onShutdown(log: Logger, graceMs: number, steps: readonly ShutdownStep[]): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info('shutting down', { signal });
    setTimeout(() => {
      log.error('not closed within the grace period', { grace_ms: graceMs });
      process.exit(1);
    }, graceMs).unref();
    void closeAll(log, steps).then(() => {
      log.info('shut down');
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function closeAll(log: Logger, steps: readonly ShutdownStep[]): Promise<void> {
  for (const { name, close } of steps) {
    try {
      await close();
    } catch (error) {
      log.warn('could not close', { what: name, error });
    }
  }
}
