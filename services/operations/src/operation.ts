import type { z } from 'zod';
import type { FormatName } from './formats.js';
import type { ResultFormat } from './result-format.js';

/** A JSON value: what a report may hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** One file of a request, already on disk. Its path never contains the client's name. */
export interface InputFile {
  /** Absolute path, readable. */
  readonly path: string;
  /** The client's file name, cleaned for display. */
  readonly name: string;
  readonly bytes: number;
  readonly format: FormatName;
}

/** All that an operation sees of the world. */
export interface RunContext {
  readonly inputs: readonly InputFile[];
  /** Folder for intermediate files that only this run uses. Make it when you need it. The caller removes it afterwards. */
  readonly workDir: string;
  /** Where the finished bytes go. */
  readonly outputPath: string;
  /** Aborted when the job should stop: check between units of work with `signal.throwIfAborted()`. */
  readonly signal: AbortSignal;
  /** Reports the progress: percent from 0 to 100, and a stage of one or two words for people. */
  readonly progress: (percent: number, stage: string) => void;
  /**
   * Has a damaged PDF among the inputs, named by its position from 0, rewritten by another program. Returns the path of the
   * copy, or undefined if it cannot be repaired. Call it at most once for each input.
   */
  readonly repair: (input: number) => Promise<string | undefined>;
}

/** What an operation tells about the file it wrote. */
export interface RunResult {
  /** Number of pages, if the file is a PDF. */
  readonly pages?: number | undefined;
  /** Operation-specific: what was done, what was left alone and why. */
  readonly report: JsonObject;
}

/** The heavy half of an operation: reads `inputs`, writes `outputPath`; throws `AppError` for what the client can mend. */
export type Run<Params> = (context: RunContext, params: Params) => Promise<RunResult>;

/** What files an operation takes. */
export interface Accepts {
  /** Name of the multipart field: `files` is repeated, `file` is single. */
  readonly field: 'files' | 'file';
  readonly formats: readonly FormatName[];
  readonly maxFiles: number;
}

/** What an operation answers with. */
export interface ResultKind {
  readonly format: ResultFormat;
  /** File name of the result without its extension, unless the client asks for another. */
  readonly name: string;
}

/** Returns the file name of a result, unless the client asks for another. */
export function resultFileName({ format, name }: ResultKind): string {
  return `${name}.${format.extension}`;
}

/**
 * The light half of an operation: all that routes, validation, OpenAPI, the command line and the limits need, without
 * loading a codec. `params` is a flat zod object with snake_case keys and a default for each.
 */
export interface OperationDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly title: string;
  readonly summary: string;
  readonly accepts: Accepts;
  readonly params: Schema;
  readonly result: ResultKind;
  /** Answer `X-Result`, `X-Original-Size` and `X-Result-Size`. `X-Result` is `original` if the report says `unchanged`. */
  readonly reportsSizes: boolean;
  readonly load: () => Promise<Run<z.output<Schema>>>;
}

/** Checks a definition's types where it is written and forgets the schema's exact type, so that a registry can hold it. */
export function defineOperation<Schema extends z.ZodObject>(definition: OperationDefinition<Schema>): Operation {
  return {
    ...definition,
    warm: async () => {
      await definition.load();
    },
    run: async (context, params) => {
      const run = await definition.load();
      return run(context, definition.params.parse(params));
    },
  };
}

/** An operation as the registry holds it: `run` parses the parameters again and loads the heavy half on first use. */
export interface Operation extends Omit<OperationDefinition, 'load'> {
  /** Loads the heavy half, so that the first run does not pay for it. */
  readonly warm: () => Promise<void>;
  readonly run: (context: RunContext, params: unknown) => Promise<RunResult>;
}

/** Operations by the names that they have in URLs, on the command line and in job records. */
export type Operations = Readonly<Record<string, Operation>>;
