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

const MOST_AT_ONCE = 40;
const BETWEEN_TASKS_MS = 250;
/** Faults that are worth nothing where they find no work, and tasks that keep all the children of both workers busy. */
const WHILE_AT_WORK: readonly FaultKind[] = ['kill child', 'freeze longer than a lease'];
const HEAVY_TASKS = 4;

/** Faults that no call gets past: there are two workers, but one of these. */
function strikesAll({ kind, victims }: Fault): boolean {
  return kind === 'fill the disk' || victims.includes('api-1') || victims.includes('redis-1');
}

export interface Recovery {
  readonly fault: Fault;
  /**
   * From the mending of the fault to the end of a job that was sent then. Where later faults kept it from being accepted,
   * from the mending of the last of those: a call that is refused three times says nothing of the first. What happens once
   * it is accepted counts in full.
   */
  readonly ms: number;
}

export interface ChaosReport {
  readonly ledger: Ledger;
  readonly recoveries: readonly Recovery[];
  readonly leftovers: Leftovers;
}

/** One run: a stream of tasks, the planned faults, and the wait until everything has ended and was swept. */
export class ChaosRun implements Excuses {
  readonly #ledger = new Ledger();
  readonly #client: Client;
  readonly #recoveries: Recovery[] = [];
  /** Containers that a fault is being done to, until it is mended. */
  readonly #struck = new Map<Victim, Promise<void>>();
  /** Containers, once for each crash that was done to them. */
  readonly #crashed: string[] = [];
  /** When the faults that stop every call were mended, in order. */
  readonly #mended: number[] = [];
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
    const faults = planFaults(this.seed, this.durationMs).map((fault) => this.#strike(fault, tasks));
    await Promise.all([this.#stream(tasks), ...faults]);
    await this.#client.watched();
    const alone = deaths.unexpected(this.#crashed);
    deaths.stop();
    for (const victim of [...alone, ...(await stopped())]) this.#ledger.violate('ended by itself', victim);
    for (const text of await loggedTwice()) this.#ledger.violate('duplicated', `${text} succeeded twice`);
    const leftovers = await findLeftovers(new Set(this.#ledger.accepted.keys()));
    return { ledger: this.#ledger, recoveries: this.#recoveries, leftovers };
  }

  async #stream(tasks: Tasks): Promise<void> {
    const running = new Set<Promise<unknown>>();
    const end = Date.now() + this.durationMs;
    while (Date.now() < end) {
      if (running.size < MOST_AT_ONCE) {
        const task = this.#client.run(tasks.next());
        running.add(task);
        void task.finally(() => running.delete(task));
      }
      await sleep(BETWEEN_TASKS_MS);
    }
    await Promise.all(running);
  }

  async #strike(fault: Fault, tasks: Tasks): Promise<void> {
    await sleep(fault.at);
    // To mend the one before may take longer than planned: containers start as fast as the host lets them.
    const before = fault.victims.map((victim) => this.#struck.get(victim) ?? Promise.resolve());
    const work: Promise<unknown>[] = [];
    const done = Promise.all(before).then(() => {
      if (WHILE_AT_WORK.includes(fault.kind))
        for (let i = 0; i < HEAVY_TASKS; i++) work.push(this.#client.run(tasks.heavy(this.#extras++)));
      return this.#do(fault);
    });
    for (const victim of fault.victims) this.#struck.set(victim, done);
    await done;
    const mended = Date.now();
    if (strikesAll(fault)) this.#mended.push(mended);
    const accepted = await this.#client.run(tasks.canary(this.#extras++));
    const from = this.#mended.findLast((at) => at <= (accepted?.answeredAt ?? 0)) ?? 0;
    this.#recoveries.push({ fault, ms: Date.now() - Math.max(mended, from) });
    await Promise.all(work);
  }

  async #do(fault: Fault): Promise<void> {
    if (fault.kind === 'kill child') this.childrenKilled++;
    try {
      await WAYS[fault.kind].begin(fault);
      if (fault.kind === 'crash') this.#crashed.push(...fault.victims.map(container));
      await sleep(fault.lasts);
      await WAYS[fault.kind].mend(fault);
    } catch (error) {
      // A container that no fault was being done to is expected to be up.
      this.#ledger.violate('ended by itself', `before ${fault.kind} of ${fault.victims.join(', ')}: ${String(error)}`);
      await startAll();
    }
  }
}
