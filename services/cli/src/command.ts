import { fieldsOf, resultOf, resultsOf } from '@pdf-tools/operations/operation';
import { OPERATIONS, OPERATION_NAMES, isOperationName } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import { nearestName } from '@pdf-tools/runtime/nearest-name';
import { UsageError } from './exit-codes.js';
import { parseOptions } from './options.js';
import type { CommonOptions } from './options.js';
import { listParameters, parseParameters } from './parameters.js';

/** An operation with its parsed parameters, and which messages to print. */
interface Job {
  readonly operation: OperationName;
  readonly params: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Runs an operation once, on the files that are named. */
export interface SingleCommand extends Job {
  readonly kind: 'single';
  readonly files: readonly string[];
  readonly output: string;
}

/** Runs an operation on each file of a folder. */
export interface EachCommand extends Job {
  readonly kind: 'each';
  readonly folder: string;
  readonly outDir: string;
  readonly partner: string | undefined;
  readonly timeoutSeconds: number;
}

export type Command =
  | { readonly kind: 'help'; readonly operation: OperationName | undefined }
  | { readonly kind: 'version' }
  | SingleCommand
  | EachCommand;

const DEFAULT_TIMEOUT_SECONDS = 300;
const MAX_TIMEOUT_SECONDS = 86_400;

/** Parses the arguments of the program. Throws `UsageError`, or `invalid_params` for a parameter of an operation. */
export function readCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageError(`Name an operation: ${OPERATION_NAMES.join(', ')}.`);
  if (name === '--version') return { kind: 'version' };
  if (name === '--help' || name === '-h' || name === 'help') return { kind: 'help', operation: undefined };
  if (isOperationName(name)) return readOperation(name, rest);
  if (name.startsWith('-'))
    throw new UsageError(`Name an operation before the options: pdf-tools OPERATION ${name} ...`);
  const nearest = nearestName(name, OPERATION_NAMES);
  const hint =
    nearest === undefined ? `The operations are: ${OPERATION_NAMES.join(', ')}.` : `Did you mean ${nearest}?`;
  throw new UsageError(`"${name}" is not an operation. ${hint}`);
}

function readOperation(operation: OperationName, args: readonly string[]): Command {
  const { params: schema } = OPERATIONS[operation];
  const { common, given, files } = parseOptions(operation, listParameters(schema), args);
  if (common.version) return { kind: 'version' };
  if (common.help) return { kind: 'help', operation };
  const job = { operation, params: parseParameters(schema, given), json: common.json, quiet: common.quiet };
  return common.each === undefined ? readSingle(job, common, files) : readEach(job, common, common.each, files);
}

function readSingle(job: Job, common: CommonOptions, files: readonly string[]): SingleCommand {
  const { accepts } = OPERATIONS[job.operation];
  if (files.length === 0) throw new UsageError('Name the files to read. "-" is standard input.');
  if (!fieldsOf(accepts).includes('files') && files.length > 1) {
    throw new UsageError(
      `${job.operation} takes one file, not ${files.length}. Run it once for each file, or use --each FOLDER.`,
    );
  }
  if (files.length > accepts.maxFiles) {
    throw new UsageError(
      `${job.operation} takes up to ${accepts.maxFiles} files, not ${files.length}. Run it on fewer files.`,
    );
  }
  if (files.filter((file) => file === '-').length > 1) {
    throw new UsageError('Standard input can be read only once. Name "-" once.');
  }
  if (!common.output) throw new UsageError('Name the file to write with -o FILE. "-" is standard output.');
  refuseOtherFormat(job, common.output, files.length);
  for (const option of ['out-dir', 'with', 'timeout'] as const) {
    if (common[option] !== undefined) throw new UsageError(`--${option} works only with --each FOLDER. Remove it.`);
  }
  return { ...job, kind: 'single', files, output: common.output };
}

/** Refuses a name that belongs to another kind of result of the operation. */
function refuseOtherFormat({ operation, params }: Job, output: string, fileCount: number): void {
  const { format } = resultOf(OPERATIONS[operation], { fileCount, params });
  const others = resultsOf(OPERATIONS[operation]).map((other) => other.format.extension);
  const wrong = others.find(
    (extension) => extension !== format.extension && output.toLowerCase().endsWith(`.${extension}`),
  );
  if (wrong === undefined) return;
  const count = fileCount === 1 ? 'one file' : `${fileCount} files`;
  throw new UsageError(
    `${operation} makes a ${format.label} of ${count}. Name the result .${format.extension}, or use --each FOLDER to get a result for each file.`,
  );
}

function readEach(job: Job, common: CommonOptions, folder: string, files: readonly string[]): EachCommand {
  const { 'out-dir': outDir, with: partner, timeout } = common;
  if (outDir === undefined) throw new UsageError('--each needs --out-dir DIR. Name the folder for the results.');
  if (files.length > 0) throw new UsageError(`--each reads the files of the folder. Remove "${files[0] ?? ''}".`);
  if (common.output !== undefined) throw new UsageError('--each writes to --out-dir. Remove -o.');
  if (partner !== undefined && OPERATIONS[job.operation].accepts.field === 'file') {
    throw new UsageError(`${job.operation} takes one file. Remove --with.`);
  }
  const timeoutSeconds = timeout === undefined ? DEFAULT_TIMEOUT_SECONDS : Number(timeout);
  if (!(timeoutSeconds > 0 && timeoutSeconds <= MAX_TIMEOUT_SECONDS)) {
    throw new UsageError(`--timeout must be a number of seconds above 0 and up to ${MAX_TIMEOUT_SECONDS}.`);
  }
  return { ...job, kind: 'each', folder, outDir, partner, timeoutSeconds };
}
