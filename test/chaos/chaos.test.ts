import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { planFaults } from './schedule.js';
import { table } from './report.js';
import { ChaosRun } from './run.js';
import type { ChaosReport } from './run.js';

/** Set by scripts/test-chaos.sh, which says what they are. */
const SEED = Number(process.env.CHAOS_SEED ?? '1');
const SECONDS = Number(process.env.CHAOS_SECONDS ?? '120');
const BASE = process.env.STACK_URL ?? 'http://127.0.0.1:18081';
/** A dead connection is noticed within 20 s, a dead worker's lease runs out after 30 s and is looked for every 5 s. */
const LONGEST_RECOVERY_MS = 60_000;

jest.setTimeout((SECONDS + 600) * 1_000);

let report: ChaosReport;

beforeAll(async () => {
  report = await new ChaosRun(BASE, SEED, SECONDS * 1_000).go();
  process.stderr.write(`\nCHAOS_SEED=${SEED} CHAOS_SECONDS=${SECONDS}\n${table(report)}\n\n`);
});

describe(`under the faults of seed ${SEED}`, () => {
  it('jobs were accepted and ended, and every planned fault was done', () => {
    expect(report.ledger.outcomes.get('succeeded')).toBeGreaterThan(SECONDS / 10);
    expect(report.recoveries).toHaveLength(planFaults(SEED, SECONDS * 1_000).length);
  });

  it('no part ended by itself', () => {
    expect(report.ledger.of('ended by itself')).toEqual([]);
  });

  it('every fault is overcome soon after it was mended', () => {
    // On a slow machine jobs take their time without any fault.
    const [usual = 0] = [...report.ledger.durations].sort((a, b) => a - b).slice(report.ledger.durations.length / 2);
    const slow = report.recoveries.filter(({ ms }) => ms > LONGEST_RECOVERY_MS + 2 * usual);
    expect(slow).toEqual([]);
  });

  it('no accepted job is lost or left running', () => {
    expect(report.ledger.of('lost')).toEqual([]);
    expect(report.ledger.durations).toHaveLength(report.ledger.accepted.size);
  });

  it('no job is answered twice: an end never changes, a repeated call is the same job', () => {
    expect(report.ledger.of('duplicated')).toEqual([]);
  });

  it('no result is broken: each is a whole PDF, with the hash of its record', () => {
    expect(report.ledger.of('broken')).toEqual([]);
  });

  it('every good input succeeds, every bad one fails with its own code', () => {
    expect(report.ledger.of('wrong outcome')).toEqual([]);
  });

  it('what is refused is refused as something to try again', () => {
    expect(report.ledger.of('wrong answer')).toEqual([]);
  });

  it('nothing of any job is left when its time is over', () => {
    expect(report.leftovers).toMatchObject({ keys: [], rings: 0, files: [] });
  });
});
