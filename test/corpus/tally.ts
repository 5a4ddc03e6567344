import type { FaultKind } from './faults.js';
import type { Outcome } from './outcome.js';

/** Share of files that must be handled: a result without fault, or a refusal that readers agree with. */
const THRESHOLD = 0.985;
const KINDS: readonly FaultKind[] = ['check', 'pages', 'text', 'render', 'feature'];

export interface Tally {
  /** The lines of the report. */
  readonly lines: readonly string[];
  readonly passed: boolean;
}

/** Sums up outcomes: damaged and grown files, refusals, sizes. `nameOf` shortens a path. */
export function tallyOf(outcomes: readonly Outcome[], nameOf: (path: string) => string): Tally {
  const damaged = outcomes.filter(({ faults }) => faults.length > 0);
  const grew = outcomes.filter(({ bytes, resultBytes = 0 }) => resultBytes > bytes);
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  const unjustified = failed.filter(({ failure }) => failure?.justified !== true);
  const disagreeing = outcomes.filter(({ failure, mergeRefusal }) => failure?.code !== mergeRefusal);
  const handled = outcomes.length - damaged.length - unjustified.length;
  const lines = [
    ...damaged.flatMap(({ input, faults }) =>
      faults.map(({ kind, why }) => `damaged  ${kind.padEnd(8)} ${nameOf(input)}: ${why}`),
    ),
    ...grew.map(({ input, bytes, resultBytes = 0 }) => `grew     ${nameOf(input)}: ${bytes} to ${resultBytes} bytes`),
    ...failed.map(({ input, failure }) => {
      const mark = failure?.justified === true ? 'refused' : 'FAILED ';
      return `${mark}  ${failure?.code ?? ''} ${nameOf(input)}${failure?.justified === true ? '' : `: ${failure?.why}`}`;
    }),
    ...(outcomes.some(({ mergeRefusal }) => mergeRefusal !== undefined) ? refusalTable(disagreeing, nameOf) : []),
    `files ${outcomes.length}, results ${outcomes.length - failed.length}, refused ${failed.length} (${codesOf(failed)})`,
    `damaged ${damaged.length}${kindsOf(damaged)}, grew ${grew.length}`,
    ...sizesOf(outcomes),
    `handled ${handled} of ${outcomes.length}: ${percent(handled, outcomes.length)} (at least ${percent(THRESHOLD, 1)})`,
  ];
  const passed = damaged.length === 0 && grew.length === 0 && handled >= THRESHOLD * outcomes.length;
  return { lines, passed };
}

function refusalTable(outcomes: readonly Outcome[], nameOf: (path: string) => string): string[] {
  const rows = outcomes.map(({ input, failure, mergeRefusal }) =>
    [nameOf(input).padEnd(60), (failure?.code ?? 'takes it').padEnd(20), mergeRefusal ?? 'takes it'].join(' '),
  );
  const head = ['refused by one operation only'.padEnd(60), 'compress-pdf'.padEnd(20), 'merge-pdf'].join(' ');
  return rows.length === 0 ? ['compress-pdf and merge-pdf refuse the same files with the same codes'] : [head, ...rows];
}

function codesOf(failed: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { failure } of failed) counts.set(failure?.code ?? '', (counts.get(failure?.code ?? '') ?? 0) + 1);
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ') || 'none';
}

/** Counts of damaged files by kind, in brackets. A file counts once, under its first fault. */
export function kindsOf(damaged: readonly Sized[]): string {
  const counts = KINDS.map((kind) => [kind, damaged.filter(({ faults }) => faults[0]?.kind === kind).length] as const);
  const found = counts.filter(([, count]) => count > 0).map(([kind, count]) => `${kind} ${count}`);
  return found.length === 0 ? '' : ` (${found.join(', ')})`;
}

/** The sizes of a file and its result, and the faults of the result. */
export type Sized = Pick<Outcome, 'bytes' | 'resultBytes' | 'faults'>;

/** A file without result, a grown one, and in the safe figures a damaged one count as their input. */
export function sizesOf(outcomes: readonly Sized[]): string[] {
  const total = sum(outcomes.map(({ bytes }) => bytes));
  const written = outcomes.map(({ bytes, resultBytes = bytes }) => Math.min(bytes, resultBytes));
  const safe = outcomes.map(({ bytes, faults }, index) => (faults.length > 0 ? bytes : (written[index] ?? bytes)));
  const median = medianOf(safe.map((bytes, index) => bytes / Math.max(1, outcomes[index]?.bytes ?? 1)));
  return [
    `out/in ${(sum(written) / total).toFixed(3)}, safe ${(sum(safe) / total).toFixed(3)}, median of safe ${median.toFixed(3)}`,
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
