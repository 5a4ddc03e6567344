import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PROJECT } from '../stack/docker.js';

const EVENTS = ['die', 'kill'].flatMap((event) => ['--filter', `event=${event}`]);
const STACK = ['--filter', `label=com.docker.compose.project=${PROJECT}`];

/**
 * Counts the containers' ends that nobody asked Docker for. The restart policy brings such a container back at once, so
 * it is not seen by looking: `docker events` has a `kill` before a `die` where there was a kill or stop, and none where a
 * process ended by itself. (A container keeps its RestartCount until the next start by hand only.)
 */
export class Deaths {
  readonly #events: ChildProcessWithoutNullStreams;
  readonly #killed = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor() {
    const format = ['--format', '{{.Action}} {{.Actor.Attributes.name}}'];
    this.#events = spawn('docker', ['events', '--filter', 'type=container', ...STACK, ...EVENTS, ...format]);
    createInterface(this.#events.stdout).on('line', (line) => {
      const [event = '', container = ''] = line.split(' ');
      if (event === 'kill') this.#killed.add(container);
      else if (!this.#killed.delete(container)) this.#counts.set(container, this.#of(container) + 1);
    });
  }

  /**
   * Names of the containers that ended by themselves another number of times than `expected` lists them: what was
   * done and not seen shows that nothing would have been.
   */
  unexpected(expected: readonly string[]): string[] {
    const names = new Set([...expected, ...this.#counts.keys()]);
    return [...names].filter((name) => this.#of(name) !== expected.filter((each) => each === name).length);
  }

  stop(): void {
    this.#events.kill();
  }

  #of(container: string): number {
    return this.#counts.get(container) ?? 0;
  }
}
