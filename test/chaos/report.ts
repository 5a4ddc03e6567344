import type { ChaosReport } from './run.js';
import { PROMISES } from './ledger.js';

/** Formats the figures of a run as a table. */
export function table({ ledger, recoveries, leftovers }: ChaosReport): string {
  const faults = new Map<string, number>();
  for (const { fault } of recoveries) faults.set(fault.kind, (faults.get(fault.kind) ?? 0) + 1);
  const rows: [string, string][] = [
    ['jobs accepted', String(ledger.accepted.size)],
    ...named('ended', ledger.outcomes),
    ...named('refused, sent again', ledger.refusals),
    ['accepted to ended, s', spread(ledger.durations)],
    ['most attempts of a job', String(ledger.mostAttempts)],
    ...named('fault', faults),
    ['recovery, s', spread(recoveries.map(({ ms }) => ms))],
    ...[...faults.keys()].map((kind): [string, string] => [
      `recovery, s: ${kind}`,
      spread(recoveries.filter(({ fault }) => fault.kind === kind).map(({ ms }) => ms)),
    ]),
    ...PROMISES.map((promise): [string, string] => [promise, String(ledger.of(promise).length)]),
    ['uploads never accepted, swept in their time', String(leftovers.orphans)],
    ['files left', String(leftovers.files.length)],
    ['keys left', String(leftovers.keys.length)],
    ['notifications left', String(leftovers.notifications)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function named(what: string, counts: ReadonlyMap<string, number>): [string, string][] {
  return [...counts].sort().map(([name, number]) => [`${what}: ${name}`, String(number)]);
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string =>
    ((sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0) / 1_000).toFixed(1);
  return sorted.length === 0 ? '-' : `p50 ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)}`;
}
