import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { readPeakMemory, readResidentMemory, resetPeakMemory } from '@pdf-tools/operations/process/memory';

/** An order to a resident peer, one per line. */
export interface PeerOrder {
  readonly files: readonly string[];
  readonly out: string;
}

/** Milliseconds on the wall and of the processors; bytes of resident memory at the peak and before. */
export interface Sample {
  readonly ms: number;
  readonly cpuMs?: number;
  readonly peak: number;
  readonly before: number;
}

/** A peer process that stays open and reads its orders as lines of JSON. */
export class Resident {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string, undefined>;

  private constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Starts the process and waits until it has loaded its modules. */
  static async start(command: string, args: readonly string[]): Promise<Resident> {
    const resident = new Resident(command, args);
    await resident.#answer();
    return resident;
  }

  async merge(order: PeerOrder): Promise<Sample> {
    const pid = this.#process.pid ?? 0;
    const before = readResidentMemory(pid);
    resetPeakMemory(pid);
    this.#process.stdin.write(`${JSON.stringify(order)}\n`);
    const ms = await this.#answer();
    return { ms, before, peak: readPeakMemory(pid) ?? 0 };
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }

  async #answer(): Promise<number> {
    const { value } = await this.#lines.next();
    if (value === undefined) throw new Error(`${this.#process.spawnfile} ended instead of answering`);
    return (JSON.parse(value) as { ms: number }).ms;
  }
}

const LOOK_EVERY_MS = 2;

/** Fields of `/proc/self/stat` that count the processor time of processes that were waited for, and their unit. */
const CHILD_TIMES = [13, 14];
const MS_PER_TICK = 10;

/** Returns the processor time of all ended children of this process. */
function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  // The name of the command may have spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return CHILD_TIMES.reduce((sum, field) => sum + Number(fields[field]), 0) * MS_PER_TICK;
}

/** Runs a command once and samples its memory every 2 ms. Throws if the command fails. */
export async function runOnce(
  command: string,
  args: readonly string[],
  welcome: readonly number[] = [0],
): Promise<Sample> {
  const [start, cpuBefore] = [performance.now(), childrenCpuMs()];
  const child = spawn(command, args, { stdio: 'ignore' });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, readPeakMemory(child.pid ?? 0) ?? 0);
  }, LOOK_EVERY_MS);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  clearInterval(timer);
  if (!welcome.includes(status ?? -1)) throw new Error(`${command} ended with ${status}`);
  return { ms: performance.now() - start, cpuMs: childrenCpuMs() - cpuBefore, peak, before: 0 };
}
