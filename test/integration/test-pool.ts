import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@pdf-tools/runtime/logger';
import { Pool } from '@pdf-tools/worker/pool';
import type { Outcome, PoolOptions } from '@pdf-tools/worker/pool';
import { launcherOf } from '@pdf-tools/harness/launch';
import type { TestLauncher } from '@pdf-tools/harness/launch';

const LIMITS = { heapMb: 64, memoryMb: 400 };

interface RunOptions {
  readonly stop?: AbortSignal;
  readonly client?: string;
  /** Contents of the inputs. */
  readonly inputs?: readonly string[];
  readonly makeInput?: (path: string, content: string) => void;
}

/** A pool of faulty children, with the folder that everything of the test is in. */
export class TestPool {
  #jobs = 0;

  private constructor(
    readonly pool: Pool,
    readonly launcher: TestLauncher,
  ) {}

  static async start(options: (launcher: TestLauncher) => Partial<PoolOptions>): Promise<TestPool> {
    const launcher = await launcherOf('faulty-child', LIMITS);
    const { slots } = launcher;
    const time = { softMs: 60_000, hardMs: 60_000 };
    const pool = new Pool(
      {
        ...{ size: 1, launcher, slots, maxJobsPerChild: 1000, memoryMb: LIMITS.memoryMb },
        ...time,
        ...options(launcher),
      },
      createLogger({ service: 'test', level: 'error' }),
    );
    await pool.start();
    return new TestPool(pool, launcher);
  }

  async close(): Promise<void> {
    await this.pool.close();
    this.launcher.close();
  }

  /** Where the output of the last job goes. */
  get outputPath(): string {
    return join(this.launcher.folder, 'temp', String(this.#jobs));
  }

  run(
    fault: string,
    { stop = new AbortController().signal, client = 'a', inputs = [], makeInput = writeFileSync }: RunOptions = {},
  ): Promise<Outcome> {
    const id = ++this.#jobs;
    const files = inputs.map((content, position) => {
      const path = join(this.launcher.folder, 'uploads', `${id}-${position}`);
      makeInput(path, content);
      return { path, name: 'a.pdf', bytes: content.length, format: 'pdf' as const };
    });
    const job = { job: `j${id}`, client, operation: 'merge-pdf', params: { fault }, inputs: files } as const;
    return this.pool.run({ ...job, outputPath: this.outputPath }, () => undefined, stop);
  }
}

export function pidOf(outcome: Outcome): unknown {
  return outcome.kind === 'done' ? outcome.result.report.pid : outcome;
}

export function filesOf(outcome: Outcome): Readonly<Record<string, string>> {
  return outcome.kind === 'done' ? (outcome.result.report.files as Record<string, string>) : {};
}
