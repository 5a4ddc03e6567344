import { SeededRandom } from './random.js';

/** Containers that faults affect. There are two workers, so that one can take over the other's jobs. */
export const VICTIMS = ['worker-1', 'worker-2', 'api-1', 'redis-1', 'scheduler-1'] as const;
export type Victim = (typeof VICTIMS)[number];

export type FaultKind =
  | 'kill'
  | 'crash'
  | 'kill child'
  | 'pause'
  | 'freeze longer than a lease'
  | 'cut off from the network'
  | 'SIGTERM'
  | 'kill all'
  | 'fill the disk';

export interface Fault {
  readonly kind: FaultKind;
  readonly victims: readonly Victim[];
  /** Times in ms: the beginning of the fault, counted from the start of the run, and its length. */
  readonly at: number;
  readonly lasts: number;
  /** A random number for choices that depend on the state at that time. */
  readonly pick: number;
}

/** Longer than a worker's lease of 30 s and the 5 s between checks for expired leases. */
const BEYOND_LEASE_MS = 40_000;
/** A container has this long between two faults. A worker that resumes shows its behaviour in this time. */
const MARGIN_MS = 2_500;
const RESUME_MS = 12_000;
/** After this time in a freeze, only the api gets faults, so that the other worker can take the jobs over. */
const TAKEOVER_MS = 25_000;
const FIRST_MS = 3_000;
/** How often the faults that every run includes are repeated. */
const ROUND_MS = 120_000;
const WORKERS = ['worker-1', 'worker-2'] as const;

/**
 * Plans the faults of a run in order. Equal seeds give equal plans. A container never has two faults at once, but
 * several containers may. Every run includes the long freeze, the kill of all containers and the full disk.
 */
export function planFaults(seed: number, durationMs: number): Fault[] {
  const random = new SeededRandom(seed);
  const plan = certainFaults(random, durationMs);
  for (let at = FIRST_MS; at < durationMs; at += random.between(1_000, 4_500)) {
    const fault = randomFault(random, at);
    if (fault.at + fault.lasts < durationMs && isPossible(fault, plan)) plan.push(fault);
  }
  return plan.sort((a, b) => a.at - b.at);
}

function certainFaults(random: SeededRandom, durationMs: number): Fault[] {
  const faults: Fault[] = [];
  // Once in a short run, as often as they fit in a long one.
  for (let begin = 0; begin === 0 || begin + ROUND_MS <= durationMs; begin += ROUND_MS) {
    const span = Math.min(ROUND_MS, durationMs - begin);
    const victim = WORKERS[random.below(2)] ?? 'worker-1';
    const certain = (kind: FaultKind, victims: readonly Victim[], at: number, lasts: number): Fault => ({
      kind,
      victims,
      at: begin + at,
      lasts,
      pick: random.next(),
    });
    faults.push(
      certain('freeze longer than a lease', [victim], 2 * FIRST_MS, BEYOND_LEASE_MS),
      certain(
        'kill all',
        VICTIMS,
        Math.max(0.6 * span, 2 * FIRST_MS + BEYOND_LEASE_MS + RESUME_MS),
        random.between(500, 5_000),
      ),
      certain('fill the disk', [], 0.85 * span, random.between(2_000, 4_000)),
    );
  }
  return faults;
}

function randomFault(random: SeededRandom, at: number): Fault {
  const anyone = VICTIMS[random.below(VICTIMS.length)] ?? 'redis-1';
  const worker = WORKERS[random.below(2)] ?? 'worker-1';
  const [kind, victim] = random.weighted<readonly [FaultKind, Victim]>([
    [2, ['kill', anyone]],
    [3, ['crash', anyone]],
    [3, ['kill child', worker]],
    [2, ['pause', anyone]],
    [2, ['cut off from the network', anyone]],
    [1, ['SIGTERM', worker]],
  ]);
  const lasts = kind === 'kill child' || kind === 'crash' ? 0 : random.between(300, 6_000);
  return { kind, victims: [victim], at, lasts, pick: random.next() };
}

function isPossible(fault: Fault, plan: readonly Fault[]): boolean {
  return plan.every((other) => !disturbs(fault, other));
}

function disturbs(fault: Fault, other: Fault): boolean {
  const isFreeze = other.kind === 'freeze longer than a lease';
  const end = other.at + other.lasts + (isFreeze ? RESUME_MS : MARGIN_MS);
  const shared = other.victims.some((victim) => fault.victims.includes(victim));
  if (shared && overlap(fault, other.at, end)) return true;
  return isFreeze && !fault.victims.includes('api-1') && overlap(fault, other.at + TAKEOVER_MS, end);
}

function overlap(fault: Fault, begin: number, end: number): boolean {
  return fault.at <= end && fault.at + fault.lasts + MARGIN_MS >= begin;
}
