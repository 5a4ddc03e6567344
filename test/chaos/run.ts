import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.js';
import type { Excuses } from './client.js';
import { WAYS, container, startAll, stopped } from './containers.js';
import { Deaths } from './deaths.js';
import { Ledger } from './ledger.js';
import { findLeftovers, loggedTwice } from './leftovers.js';
import type { Leftovers } from './leftovers.js';
import { planFaults } from './schedule.js';
import type { Fault, FaultKind, Victim } from './schedule.js';
import { Tasks } from './tasks.js';

const MAX_CONCURRENT = 40;
const BETWEEN_TASKS_MS = 250;
/** Faults that need running jobs, and the number of tasks that keep all children of both workers busy. */
const NEED_RUNNING_JOBS: readonly FaultKind[] = ['kill child', 'freeze longer than a lease'];
const HEAVY_TASKS = 4;

/** Whether a fault affects every request: there are two workers, but only one api and one Redis. */
function affectsAll({ kind, victims }: Fault): boolean {
  return kind === 'fill the disk' || victims.includes('api-1') || victims.includes('redis-1');
}

export interface Recovery {
  readonly fault: Fault;
  /**
   * Milliseconds from the end of the fault to the end of a job that was sent then. If later faults kept the job from being
   * accepted, the time starts at the end of the last of them. Time after the acceptance counts in full.
   */
  readonly ms: number;
}

export interface ChaosReport {
  readonly ledger: Ledger;
  readonly recoveries: readonly Recovery[];
  readonly leftovers: Leftovers;
}

/** One run: a stream of tasks, the planned faults, and the wait until every job has ended and was swept. */
export class ChaosRun implements Excuses {
  readonly #ledger = new Ledger();
  readonly #client: Client;
  readonly #recoveries: Recovery[] = [];
  /** Containers with a fault, until the fault ends. */
  readonly #affected = new Map<Victim, Promise<void>>();
  /** Names of crashed containers, one entry per crash. */
  readonly #crashed: string[] = [];
  /** When each fault that affects every request ended, in order. */
  readonly #faultEnds: number[] = [];
  childrenKilled = 0;
  #extras = 0;

  constructor(
    base: string,
    private readonly seed: number,
    private readonly durationMs: number,
  ) {
    this.#client = new Client(base, this.#ledger, this);
  }

  async go(): Promise<ChaosReport> {
    const deaths = new Deaths();
    const tasks = await Tasks.prepare(this.seed);
    const faults = planFaults(this.seed, this.durationMs).map((fault) => this.#inject(fault, tasks));
    await Promise.all([this.#stream(tasks), ...faults]);
    await this.#client.watched();
    const exited = deaths.unexpected(this.#crashed);
    deaths.stop();
    for (const victim of [...exited, ...(await stopped())]) this.#ledger.violate('unexpected exit', victim);
    for (const text of await loggedTwice()) this.#ledger.violate('duplicated', `${text} succeeded twice`);
    const leftovers = await findLeftovers(new Set(this.#ledger.accepted.keys()));
    return { ledger: this.#ledger, recoveries: this.#recoveries, leftovers };
  }

  async #stream(tasks: Tasks): Promise<void> {
    const running = new Set<Promise<unknown>>();
    const end = Date.now() + this.durationMs;
    while (Date.now() < end) {
      if (running.size < MAX_CONCURRENT) {
        const task = this.#client.run(tasks.next());
        running.add(task);
        void task.finally(() => running.delete(task));
      }
      await sleep(BETWEEN_TASKS_MS);
    }
    await Promise.all(running);
  }

  async #inject(fault: Fault, tasks: Tasks): Promise<void> {
    await sleep(fault.at);
    // The previous fault may end later than planned, because containers take long to start on a slow host.
    const before = fault.victims.map((victim) => this.#affected.get(victim) ?? Promise.resolve());
    const work: Promise<unknown>[] = [];
    const done = Promise.all(before).then(() => {
      if (NEED_RUNNING_JOBS.includes(fault.kind))
        for (let i = 0; i < HEAVY_TASKS; i++) work.push(this.#client.run(tasks.heavy(this.#extras++)));
      return this.#do(fault);
    });
    for (const victim of fault.victims) this.#affected.set(victim, done);
    await done;
    const ended = Date.now();
    if (affectsAll(fault)) this.#faultEnds.push(ended);
    const accepted = await this.#client.run(tasks.canary(this.#extras++));
    const from = this.#faultEnds.findLast((at) => at <= (accepted?.answeredAt ?? 0)) ?? 0;
    this.#recoveries.push({ fault, ms: Date.now() - Math.max(ended, from) });
    await Promise.all(work);
  }

  async #do(fault: Fault): Promise<void> {
    if (fault.kind === 'kill child') this.childrenKilled++;
    try {
      await WAYS[fault.kind].begin(fault);
      if (fault.kind === 'crash') this.#crashed.push(...fault.victims.map(container));
      await sleep(fault.lasts);
      await WAYS[fault.kind].end(fault);
    } catch (error) {
      // Only a container with a fault may be down.
      this.#ledger.violate('unexpected exit', `before ${fault.kind} of ${fault.victims.join(', ')}: ${String(error)}`);
      await startAll();
    }
  }
}
