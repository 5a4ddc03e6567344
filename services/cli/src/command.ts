import { parseArgs } from 'node:util';
import { OPERATIONS, OPERATION_NAMES, isOperationName } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import { UsageError } from './exit-codes.js';
import { listParameters, parseParameters } from './parameters.js';

/** An operation to run with parsed parameters, and how to talk about it. */
interface Job {
  readonly operation: OperationName;
  readonly params: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface SingleCommand extends Job {
  readonly kind: 'single';
  readonly files: readonly string[];
  readonly output: string;
}

export interface EachCommand extends Job {
  readonly kind: 'each';
  readonly folder: string;
  readonly outDir: string;
  readonly partner: string | undefined;
  readonly timeoutSeconds: number;
}

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help'; readonly operation: OperationName | undefined }
  | { readonly kind: 'version' }
  | SingleCommand
  | EachCommand;

const DEFAULT_TIMEOUT_SECONDS = 300;

const COMMON = {
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', short: 'q', default: false },
  output: { type: 'string', short: 'o' },
  each: { type: 'string' },
  'out-dir': { type: 'string' },
  with: { type: 'string' },
  timeout: { type: 'string' },
} as const;

/** Reads the arguments after the program's name. Throws `UsageError`, or `invalid_params` for an operation's own. */
export function readCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageError('Say which operation to run.');
  if (name === '--version') return { kind: 'version' };
  if (name === '--help' || name === '-h' || name === 'help') return { kind: 'help', operation: undefined };
  if (!isOperationName(name)) {
    throw new UsageError(`There is no operation "${name}". There are: ${OPERATION_NAMES.join(', ')}.`);
  }
  return readOperation(name, rest);
}

function readOperation(operation: OperationName, args: readonly string[]): Command {
  const { common, given, files } = parse(operation, args);
  if (common.version) return { kind: 'version' };
  if (common.help) return { kind: 'help', operation };
  const params = parseParameters(OPERATIONS[operation].params, given);
  const job = { operation, params, json: common.json, quiet: common.quiet };
  return common.each === undefined ? readSingle(job, common, files) : readEach(job, common, files);
}

type Common = ReturnType<typeof parseArgs<{ options: typeof COMMON }>>['values'] & { json: boolean; quiet: boolean };

/** Splits the arguments into the common options, the operation's own (by snake_case name) and files. */
function parse(operation: OperationName, args: readonly string[]) {
  const parameters = listParameters(OPERATIONS[operation].params);
  const own = parameters.flatMap(({ name, flag }) => [name, flag]);
  const options = Object.fromEntries(own.map((option) => [option, { type: 'string' as const }]));
  const { values, positionals } = attempt(() =>
    parseArgs({ args: spellSwitches(args, parameters), options: { ...options, ...COMMON }, allowPositionals: true }),
  );
  const given: Record<string, string> = {};
  for (const { name, flag } of parameters) {
    const value = (values as Record<string, unknown>)[flag] ?? (values as Record<string, unknown>)[name];
    if (typeof value === 'string') given[name] = value;
  }
  return { common: values as Common, given, files: positionals };
}

/** A switch may stand alone: `--flag` means `--flag=true`. */
function spellSwitches(args: readonly string[], parameters: ReturnType<typeof listParameters>): string[] {
  const switches = new Set(parameters.filter(({ isSwitch }) => isSwitch).flatMap(({ name, flag }) => [name, flag]));
  return args.map((arg) => (arg.startsWith('--') && switches.has(arg.slice(2)) ? `${arg}=true` : arg));
}

function attempt<T>(parseAll: () => T): T {
  try {
    return parseAll();
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : 'The arguments cannot be read.');
  }
}

type ReadJob = Pick<Job, 'operation' | 'params' | 'json' | 'quiet'>;

function readSingle(job: ReadJob, common: Common, files: readonly string[]): SingleCommand {
  const { accepts } = OPERATIONS[job.operation];
  const most = accepts.field === 'file' ? 1 : accepts.maxFiles;
  if (files.length === 0) throw new UsageError('Say which files to read ("-" is standard input).');
  if (files.length > most) throw new UsageError(`${job.operation} takes at most ${most} files.`);
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('Standard input can be read only once.');
  if (!common.output) throw new UsageError('Say where to write with -o FILE ("-" is standard output).');
  for (const option of ['out-dir', 'with', 'timeout'] as const) {
    if (common[option] !== undefined) throw new UsageError(`--${option} goes with --each.`);
  }
  return { ...job, kind: 'single', files, output: common.output };
}

function readEach(job: ReadJob, common: Common, files: readonly string[]): EachCommand {
  const { each, with: partner, timeout } = common;
  const outDir = common['out-dir'];
  if (each === undefined || outDir === undefined) throw new UsageError('--each goes with --out-dir DIR.');
  if (files.length > 0 || common.output !== undefined) throw new UsageError('--each takes no other files and no -o.');
  if (partner !== undefined && OPERATIONS[job.operation].accepts.field === 'file') {
    throw new UsageError(`${job.operation} takes one file: --with has no place there.`);
  }
  const timeoutSeconds = timeout === undefined ? DEFAULT_TIMEOUT_SECONDS : Number(timeout);
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400)) throw new UsageError('--timeout is in seconds, up to 86400.');
  return { ...job, kind: 'each', folder: each, outDir, partner, timeoutSeconds };
}
