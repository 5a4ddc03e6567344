import { FORMATS } from '@pdf-tools/operations/formats';
import { fieldsOf } from '@pdf-tools/operations/operation';
import { OPERATIONS, OPERATION_NAMES } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import { EXIT } from './exit-codes.js';
import { listParameters } from './parameters.js';
import type { Parameter } from './parameters.js';

const COMMON_OPTIONS: readonly (readonly [string, string])[] = [
  ['-o, --output FILE', 'Write the result to FILE, which is replaced only on success. "-" is standard output.'],
  ['--json', 'Print a report on standard output: sizes, pages, seconds, peak memory, what was done.'],
  ['--each FOLDER', 'Run the operation on each file in FOLDER and its subfolders.'],
  ['--out-dir DIR', 'With --each: write the results to DIR.'],
  ['--with FILE', 'With --each: append FILE to each file, if the operation takes several files.'],
  ['--timeout SECONDS', 'With --each: maximum time for one file (default 300).'],
  ['-q, --quiet', 'Print no progress.'],
  ['-h, --help', 'Print this help.'],
  ['--version', 'Print the version.'],
];

/** Returns the text of `--help` for one operation, or for the program. */
export function helpText(operation: OperationName | undefined): string {
  return operation === undefined ? programHelp() : operationHelp(operation);
}

function programHelp(): string {
  const operations = OPERATION_NAMES.map((name) => [name, OPERATIONS[name].summary] as const);
  return [
    'Usage: pdf-tools OPERATION FILE... -o FILE [options]',
    '       pdf-tools OPERATION --each FOLDER --out-dir DIR [options]',
    '       pdf-tools OPERATION --help',
    '',
    ...section('Operations', operations),
    ...section('Options', COMMON_OPTIONS),
    ...exitCodes(),
  ].join('\n');
}

function operationHelp(name: OperationName): string {
  const { title, summary, accepts, params } = OPERATIONS[name];
  const formats = accepts.formats.map((format) => FORMATS[format].label).join(', ');
  const several = fieldsOf(accepts).includes('files');
  return [
    `Usage: pdf-tools ${name} ${several ? 'FILE...' : 'FILE'} -o FILE [options]`,
    '',
    `${title}. ${summary}`,
    `Accepts ${several ? `up to ${accepts.maxFiles} files` : 'one file'}: ${formats}.`,
    '',
    ...section('Parameters', listParameters(params).map(parameterRow)),
    ...section('Options', COMMON_OPTIONS),
    ...exitCodes(),
  ].join('\n');
}

function parameterRow({
  flag,
  values,
  description,
  isSwitch,
  default: fallback,
}: Parameter): readonly [string, string] {
  const standard = fallback === undefined ? '' : ` (default ${fallback})`;
  return [isSwitch ? `--${flag}` : `--${flag} VALUE`, isSwitch ? description : `${description}: ${values}${standard}`];
}

function exitCodes(): string[] {
  const rows = Object.values(EXIT).map(({ code, meaning }) => [String(code), meaning] as const);
  return section('Exit codes', rows);
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([left]) => left.length));
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`), ''];
}
