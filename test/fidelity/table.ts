import type { Column } from './columns/columns.js';

const SHOWN = 3;

/** For each merge and kind of thing "all", or how much is missing with the first examples. */
export function table(missing: ReadonlyMap<string, Readonly<Record<Column, readonly string[]>>>): string {
  return [...missing]
    .map(([name, columns]) => {
      const rows = Object.entries(columns).map(([column, faults]) => `  ${column.padEnd(20)}${cell(faults)}`);
      return [`merging ${name}`, ...rows].join('\n');
    })
    .join('\n');
}

function cell(faults: readonly string[]): string {
  if (faults.length === 0) return 'all';
  const more = faults.length > SHOWN ? ` and ${faults.length - SHOWN} more` : '';
  return `${faults.slice(0, SHOWN).join('; ')}${more}`;
}
