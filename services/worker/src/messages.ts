import type { ErrorRecord } from '@pdf-tools/runtime/errors';
import type { OperationName } from '@pdf-tools/operations/registry';
import type { InputFile, RunResult } from '@pdf-tools/operations/operation';

/** What a child process needs to know to do a job: paths and parameters, nothing of Redis or HTTP. */
export interface Task {
  /** Id of the job, for whoever asks what a child is doing. */
  readonly job: string;
  readonly operation: OperationName;
  readonly params: unknown;
  readonly inputs: readonly InputFile[];
  readonly workDir: string;
  readonly outputPath: string;
}

/** What the child says of the file it wrote. */
export interface Output {
  readonly bytes: number;
  readonly sha256: string;
}

export type ToChild = { readonly type: 'run'; readonly task: Task } | { readonly type: 'abort' };

export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly percent: number; readonly stage: string }
  | { readonly type: 'done'; readonly result: RunResult; readonly output: Output }
  /** `cause` is for the log alone. */
  | { readonly type: 'failed'; readonly error: ErrorRecord; readonly cause: string | undefined };
