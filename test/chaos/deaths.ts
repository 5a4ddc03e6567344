import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PROJECT } from '../stack/docker.js';

const EVENTS = ['die', 'kill'].flatMap((event) => ['--filter', `event=${event}`]);
const STACK = ['--filter', `label=com.docker.compose.project=${PROJECT}`];

/**
 * Counts container exits that no command caused. The restart policy restarts such a container at once, so polling misses
 * it. `docker events` reports `kill` before `die` after a kill or stop, and only `die` after any other exit.
 * RestartCount does not help because a manual start resets it.
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
   * Returns the containers whose number of exits differs from `expected`, which has a name once for each exit. A missing
   * exit counts too, because it shows that this class does not see them all.
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
