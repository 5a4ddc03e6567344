import type { BfEntry } from './to-unicode.js';

/** Maximum number of entries of a block (Adobe TN 5014, 7.2). */
const MAX_ENTRIES = 100;
/** Shorter runs are written as single codes. */
const MIN_RUN = 3;

/** Writes entries of a ToUnicode CMap, sorted by code. Successive codes with successive values become ranges. */
export function encodeBfEntries(entries: readonly BfEntry[]): Buffer {
  const sorted = [...entries].sort((one, other) => one.length - other.length || one.code - other.code);
  const [chars, ranges]: [string[], string[]] = [[], []];
  for (const run of runsOf(sorted)) {
    const [first, last] = [run[0], run.at(-1)];
    if (first && last && run.length >= MIN_RUN) ranges.push(`${codeOf(first)}${codeOf(last)}${hex(first.value)}`);
    else for (const entry of run) chars.push(`${codeOf(entry)}${hex(entry.value)}`);
  }
  return Buffer.from(`${blocks(chars, 'bfchar')}${blocks(ranges, 'bfrange')}`, 'latin1');
}

function runsOf(sorted: readonly BfEntry[]): BfEntry[][] {
  const runs: BfEntry[][] = [];
  for (const entry of sorted) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && isNext(last, entry)) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

/** Codes and values of a range differ in their last byte only (ISO 32000-2, 9.10.3). */
function isNext(last: BfEntry, { code, length, value }: BfEntry): boolean {
  return (
    last.length === length &&
    last.code + 1 === code &&
    code % 0x100 !== 0 &&
    value.length > 0 &&
    last.value.length === value.length &&
    last.value.subarray(0, -1).equals(value.subarray(0, -1)) &&
    (last.value.at(-1) ?? 0) + 1 === value.at(-1)
  );
}

function blocks(lines: readonly string[], kind: string): string {
  let text = '';
  for (let at = 0; at < lines.length; at += MAX_ENTRIES) {
    const block = lines.slice(at, at + MAX_ENTRIES);
    text += `${block.length} begin${kind}\n${block.join('\n')}\nend${kind}\n`;
  }
  return text;
}

function codeOf({ code, length }: BfEntry): string {
  return `<${code.toString(16).padStart(2 * length, '0')}>`;
}

function hex(value: Buffer): string {
  return `<${value.toString('hex')}>`;
}
