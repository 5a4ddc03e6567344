import { FORMATS } from '@pdf-tools/operations/formats';
import { OPERATIONS, OPERATION_NAMES } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import { EXIT } from './exit-codes.js';
import { listParameters } from './parameters.js';
import type { Parameter } from './parameters.js';

const COMMON_OPTIONS: readonly (readonly [string, string])[] = [
  [
    '-o, --output FILE',
    'the result: a file, replaced only on success and through links; a device or FIFO; "-" for standard output',
  ],
  ['--json', 'a report on standard output: sizes, pages, seconds, peak memory, what was done'],
  [
    '--each FOLDER',
    'run on every file below a folder by itself, in one warm process; follows links, names broken ones',
  ],
  ['--out-dir DIR', 'with --each: where the results go'],
  ['--with FILE', 'with --each: a file that comes after each, where an operation takes several'],
  ['--timeout SECONDS', 'with --each: longest time for one file (default 300)'],
  ['-q, --quiet', 'no progress'],
  ['-h, --help', 'this text'],
  ['--version', 'the version'],
];

/** The text of `--help`: of one operation, or of the program. */
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
  const several = accepts.field === 'files';
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
