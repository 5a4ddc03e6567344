import type { Readable } from 'node:stream';

/** The free bytes and the size of a file system. */
export interface Space {
  readonly free: number;
  readonly total: number;
}

/** A file of an upload while it is received. */
export interface InputWriter {
  /** Adds a chunk. Resolves when the next one can be added. */
  add(piece: Buffer): Promise<void>;
  /** Stores the file. Resolves when it survives a crash. `sha256` may be undefined if the storage `isLocal`. */
  finish(sha256: string | undefined): Promise<void>;
  /** Releases what the writer holds, after success or failure. */
  close(): Promise<void>;
}

/** One run of a job. */
export interface Run {
  readonly id: string;
  readonly fence: number;
  readonly inputs: readonly { readonly name: string; readonly bytes: number }[];
  /** `digestOfInputs` of the upload. Undefined if the storage `isLocal`. */
  readonly inputs_sha256?: string | undefined;
}

/** The output of a run as its child process reports it. */
export interface RunOutput {
  readonly bytes: number;
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** The files of a run on the local disk, for the worker. */
export interface RunFiles {
  /** Paths of the inputs in their order. */
  readonly inputs: readonly string[];
  /** Where the output waits until it is checked and published. No child process reaches it. */
  readonly outputPath: string;
  /** Stores the report of the result. It must come before `publish`. */
  writeReport(text: string): Promise<void>;
  /**
   * Makes the output the result. Resolves when the result survives a crash. `inspect` gets the open file first and refuses
   * it by throwing.
   */
  publish(output: RunOutput, inspect: (file: number) => void): Promise<void>;
  /** Removes what the run has stored. */
  discard(): Promise<void>;
  /** Removes the local copies of a run that has ended. Never rejects. */
  close(): Promise<void>;
}

/** A stored result as its job record describes it. */
export interface StoredResult {
  readonly fence: number;
  readonly bytes: number;
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
}

/** The first and the last byte of a part of a file. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** What an object storage sends with a result. */
export interface ResultHeaders {
  readonly contentType: string;
  readonly contentDisposition: string;
}

/**
 * The files of jobs: `uploads/<job>/<position>` is what a client sent, and `temp/<job>/<fence>/` is the result of one run.
 * No name contains a client's words. The caller checks job ids that come from outside.
 *
 * An error with the code ENOENT means that a file does not exist any more. Storages behind a network reject with
 * `storage_unavailable` if they do not answer, and with `storage_corrupted` if a file is not the one that was stored.
 */
export interface Storage {
  /** Folder of the slots of child processes, which is always on the local disk. */
  readonly slots: string;
  /** Whether the files of jobs are on the disk that `space` describes. */
  readonly isLocal: boolean;

  /** Makes the folders on the local disk. */
  prepare(): void;
  /** Rejects if the storage cannot be used. */
  check(): Promise<void>;
  /** Returns the space of the local disk. */
  space(): Promise<Space>;
  /** Returns the same without the thread pool, for the upload of a file. */
  spaceNow(): Space;
  /**
   * Has an object storage delete files of this age in ms, which is longer than any retention. Returns whether its rules
   * changed, which is always false for a local storage.
   */
  limitAge(maxAgeMs: number): Promise<boolean>;

  createUploadFolder(id: string): void;
  /** Creates an input of a job whose upload folder exists. */
  openInput(id: string, position: number): InputWriter;
  /** Resolves when the names of all inputs survive a crash. */
  finishUpload(id: string): Promise<void>;
  /** Whether all inputs of a job still exist. */
  hasInputs(id: string, count: number): Promise<boolean>;

  /** Stores a job's secret parameters until it ends. Its upload folder must exist. */
  writeSecret(id: string, text: string): Promise<void>;
  /** Returns a job's secrets, or undefined if they do not exist any more. */
  readSecret(id: string): Promise<string | undefined>;
  /** Removes a job's secrets, but not its inputs. It does nothing if the job has no secrets. */
  removeSecret(id: string): Promise<void>;
  /** Returns a random key that only the services share, for hashes of secrets. The first caller makes it. */
  hashKey(): Promise<Buffer>;

  /**
   * Returns the files of a run. A storage that is not local copies the inputs to `folder`, which belongs to this worker and
   * is removed if the worker dies. Rejects if `signal` aborts.
   */
  openRun(run: Run, folder: string, signal: AbortSignal): Promise<RunFiles>;
  /** Returns the report of a result, or undefined if it does not exist any more. */
  readReport(id: string, fence: number): Promise<string | undefined>;
  hasResult(id: string, fence: number): Promise<boolean>;
  /** Returns the bytes of a result or a part of it. The stream fails before its end if the bytes are wrong. */
  readResult(id: string, result: StoredResult, range: FileRange): Promise<Buffer | Readable>;
  /** Returns a URL that clients can fetch the result from for a minute, or undefined if they get the bytes from the api. */
  resultUrl(id: string, fence: number, headers: ResultHeaders): Promise<string | undefined>;

  /** Removes the inputs and secrets of a job that has ended. */
  removeInputs(id: string, count: number): Promise<void>;
  /** Removes what was sent for a job. */
  removeUploads(id: string): Promise<void>;
  /** Removes everything of a job. It is no error if there is nothing. */
  removeJob(id: string): Promise<void>;
  /** Yields every job that has files, with the time of its last change in milliseconds since the epoch. */
  jobFolders(): AsyncGenerator<{ readonly id: string; readonly modified: number }>;
  /** Removes parts of files whose writing began before this time (ms since the epoch) and did not end. Returns how many. */
  removeUnfinished(before: number): Promise<number>;
}
