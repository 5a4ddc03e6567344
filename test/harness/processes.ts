import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for a busy machine, on which events arrive late. */
const PATIENCE_MS = 60_000;

/** Waits until `check` resolves with something other than undefined or false. An error counts as false. */
export async function eventually<T>(
  check: () => Promise<T | undefined | false>,
  what: string,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await sleep(25);
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: last });
}

/** A process of the product or of Redis, started for a test. */
export class TestProcess {
  readonly #process: ChildProcess;
  readonly exited: Promise<number | null>;
  output = '';

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) {
    const base = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
    this.#process = spawn(command, args, { env: { ...base, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (text: Buffer): void => {
      this.output = (this.output + text.toString()).slice(-200_000);
    };
    this.#process.stdout?.on('data', keep);
    this.#process.stderr?.on('data', keep);
    this.exited = new Promise((resolve) => {
      this.#process.once('exit', resolve);
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Shuts the process down and waits for its end. */
  async stop(): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.signal('SIGTERM');
    return this.exited;
  }

  /** Kills the process, as a crash would. */
  async crash(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** The JSON lines it has logged. */
  get lines(): Record<string, unknown>[] {
    return this.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}
