import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { planFaults } from './schedule.js';
import { table } from './report.js';
import { ChaosRun } from './run.js';
import type { ChaosReport } from './run.js';

/** scripts/test-chaos.sh sets these variables and explains them. */
const SEED = Number(process.env.CHAOS_SEED ?? '1');
const SECONDS = Number(process.env.CHAOS_SECONDS ?? '120');
const BASE = process.env.STACK_URL ?? 'http://127.0.0.1:18081';
/** A dead connection is noticed within 20 s. A dead worker's lease expires after 30 s and is checked every 5 s. */
const MAX_RECOVERY_MS = 60_000;

jest.setTimeout((SECONDS + 600) * 1_000);

let report: ChaosReport;

beforeAll(async () => {
  report = await new ChaosRun(BASE, SEED, SECONDS * 1_000).go();
  process.stderr.write(`\nCHAOS_SEED=${SEED} CHAOS_SECONDS=${SECONDS}\n${table(report)}\n\n`);
});

describe(`the stack under the faults of seed ${SEED}`, () => {
  it('accepts and finishes jobs during every planned fault', () => {
    expect(report.ledger.outcomes.get('succeeded')).toBeGreaterThan(SECONDS / 10);
    expect(report.recoveries).toHaveLength(planFaults(SEED, SECONDS * 1_000).length);
  });

  it('has no container that exits without a fault', () => {
    expect(report.ledger.of('unexpected exit')).toEqual([]);
  });

  it('recovers soon after the end of every fault', () => {
    // On a slow machine jobs take long without any fault.
    const [usual = 0] = [...report.ledger.durations].sort((a, b) => a - b).slice(report.ledger.durations.length / 2);
    const slow = report.recoveries.filter(({ ms }) => ms > MAX_RECOVERY_MS + 2 * usual);
    expect(slow).toEqual([]);
  });

  it('neither loses an accepted job nor leaves it running', () => {
    expect(report.ledger.of('lost')).toEqual([]);
    expect(report.ledger.durations).toHaveLength(report.ledger.accepted.size);
  });

  it('completes each job once: final states never change, and a repeated request returns the same job', () => {
    expect(report.ledger.of('duplicated')).toEqual([]);
  });

  it('delivers every result as a complete PDF with the hash in its record', () => {
    expect(report.ledger.of('broken')).toEqual([]);
  });

  it('succeeds with every valid input and reports the right error code for every invalid one', () => {
    expect(report.ledger.of('wrong outcome')).toEqual([]);
  });

  it('refuses requests only with statuses that ask the client to retry', () => {
    expect(report.ledger.of('wrong answer')).toEqual([]);
  });

  it('leaves no key, notification or file of a job after its retention', () => {
    expect(report.leftovers).toMatchObject({ keys: [], notifications: 0, files: [] });
  });
});
