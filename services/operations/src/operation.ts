import type { ErrorCode } from '@pdf-tools/runtime/errors';
import type { z } from 'zod';
import type { FormatName } from './formats.js';
import type { ResultFormat } from './result-format.js';

/** A JSON value, for reports. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** One file of a request on the disk. Its path never contains the client's name. */
export interface InputFile {
  /** Absolute path, readable. */
  readonly path: string;
  /** The client's file name, cleaned for display. */
  readonly name: string;
  readonly bytes: number;
  readonly format: FormatName;
}

/** Everything that an operation gets. */
export interface RunContext {
  readonly inputs: readonly InputFile[];
  /** Folder for intermediate files of this run. The operation creates it if needed, and the caller removes it. */
  readonly workDir: string;
  /** Path of the result. */
  readonly outputPath: string;
  /** Aborted when the job should stop. Check it between units of work with `signal.throwIfAborted()`. */
  readonly signal: AbortSignal;
  /** Reports the progress as percent from 0 to 100 and a stage in one or two words. */
  readonly progress: (percent: number, stage: string) => void;
  /**
   * Has a damaged PDF among the inputs, named by its position from 0, rewritten by another program. Returns the path of the
   * copy, or undefined if it cannot be repaired. Call it at most once for each input.
   */
  readonly repair: (input: number) => Promise<string | undefined>;
}

/** Facts about the file that an operation wrote. */
export interface RunResult {
  /** Number of pages, if the file is a PDF. */
  readonly pages?: number | undefined;
  /** What the operation did, and what it left unchanged and why. */
  readonly report: JsonObject;
}

/** The heavy half of an operation. Reads `inputs` and writes `outputPath`. Throws `AppError` for errors of the client. */
export type Run<Params> = (context: RunContext, params: Params) => Promise<RunResult>;

/** The files that an operation takes. */
export interface Accepts {
  /** Name of the multipart field. `files` may be repeated, `file` may not. */
  readonly field: 'files' | 'file';
  /** Name of a second field, which may be repeated. */
  readonly repeatedField?: 'files';
  readonly formats: readonly FormatName[];
  readonly maxFiles: number;
}

/** The names of the multipart fields for files. */
export function fieldsOf({ field, repeatedField }: Accepts): string[] {
  return repeatedField === undefined ? [field] : [field, repeatedField];
}

/** What an operation answers with. */
export interface ResultKind {
  readonly format: ResultFormat;
  /** File name of the result without its extension, unless the client asks for another. */
  readonly name: string;
  /** Schema of the report, for the documentation and its tests. */
  readonly report: z.ZodObject;
}

/** Another kind of result, and the requests that get it. */
interface AlternativeResult extends ResultKind {
  readonly isFor: (request: ResultRequest) => boolean;
}

/** What the kind of a result depends on. */
export interface ResultRequest {
  readonly fileCount: number;
  /** The parsed parameters, without the secret ones. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** Returns the kind of result that a request gets. */
export function resultOf({ result, alternative }: Pick<Operation, ResultKeys>, request: ResultRequest): ResultKind {
  return alternative?.isFor(request) === true ? alternative : result;
}

/** Returns all kinds of results of an operation, the usual one first. */
export function resultsOf({ result, alternative }: Pick<Operation, ResultKeys>): ResultKind[] {
  return alternative ? [result, alternative] : [result];
}

type ResultKeys = 'result' | 'alternative';

/** Returns the file name of a result, unless the client asks for another. */
export function resultFileName({ format, name }: ResultKind): string {
  return `${name}.${format.extension}`;
}

/**
 * The light half of an operation. Routes, validation, OpenAPI, the command line and the limits follow from it without
 * loading a codec. `params` is a flat zod object with snake_case keys, all of which may be missing.
 */
export interface OperationDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly title: string;
  readonly summary: string;
  readonly accepts: Accepts;
  readonly params: Schema;
  readonly result: ResultKind;
  readonly alternative?: AlternativeResult;
  /** Codes of the errors that the files can lead to, beside those of every upload. */
  readonly fileErrors: readonly ErrorCode[];
  /** Answer `X-Result`, `X-Original-Size` and `X-Result-Size`. `X-Result` is `original` if the report says `unchanged`. */
  readonly reportsSizes: boolean;
  readonly load: () => Promise<Run<z.output<Schema>>>;
}

/** Checks the types of a definition and drops the exact type of its schema, so that a registry can hold it. */
export function defineOperation<Schema extends z.ZodObject>(definition: OperationDefinition<Schema>): Operation {
  // Each `import()` asks the module loader, also for a loaded module.
  let loaded: Promise<Run<z.output<Schema>>> | undefined;
  const load = () =>
    (loaded ??= definition.load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));
  return {
    ...definition,
    warm: async () => {
      await load();
    },
    run: async (context, params) => {
      const run = await load();
      return run(context, definition.params.parse(params));
    },
  };
}

/** An operation in the registry. `run` parses the parameters again and loads the heavy half on first use. */
export interface Operation extends Omit<OperationDefinition, 'load'> {
  /** Loads the heavy half before the first run. */
  readonly warm: () => Promise<void>;
  readonly run: (context: RunContext, params: unknown) => Promise<RunResult>;
}

/** Operations by the names that they have in URLs, on the command line and in job records. */
export type Operations = Readonly<Record<string, Operation>>;
