import { AppError, isClientError } from '@pdf-tools/runtime/errors';
import type { ErrorCode, ErrorRecord } from '@pdf-tools/runtime/errors';
import type { JobRecord, JobResult } from '@pdf-tools/jobs/record';
import type { JobStore } from '@pdf-tools/jobs/store';
import { unitsOf } from '@pdf-tools/jobs/lanes';
import { shortId } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { RunFiles, Storage } from '@pdf-tools/runtime/storage';
import type { OpenSpan, Tracing } from '@pdf-tools/runtime/tracing';
import { retryWhileUnavailable } from '@pdf-tools/runtime/redis-retry';
import { toJobError } from '@pdf-tools/operations/process/app-error';
import { isFormatName } from '@pdf-tools/operations/formats';
import { resultOf } from '@pdf-tools/operations/operation';
import { isOperationName, OPERATIONS } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import { joinSecrets, secretsSchema } from '@pdf-tools/operations/secrets';
import { keepLease } from './lease.js';
import { checkOutput } from './output.js';
import type { Outcome, Pool, PoolJob } from './pool.js';
import type { WorkerMetrics } from './metrics.js';
import { ProgressReporter } from './progress.js';
import { keepReport } from './report.js';
import { deferralOf } from './retry.js';
import type { Deferral } from './retry.js';

export interface RunnerDeps {
  readonly store: JobStore;
  readonly storage: Storage;
  /** Folder for local copies of files that are in a storage behind a network. */
  readonly copies: string;
  readonly pool: Pool;
  readonly log: Logger;
  readonly maxAttempts: number;
  /** Resolves when enough replicas of Redis have the last change of a job. */
  readonly replicated: () => Promise<void>;
  readonly metrics: WorkerMetrics;
  readonly tracing: Tracing;
}

/** Why a run is stopped: its lease is lost, the job is cancelled, or this worker closes. */
export type StopReason = 'lease' | 'cancelled' | 'closing';

/** Takes a claimed job to its end: a result, an error, another attempt, or back to the queue. */
export class JobRun {
  readonly #stop = new AbortController();
  readonly #log: Logger;
  #reason: StopReason | undefined;
  #files: RunFiles | undefined;
  readonly startedAt = Date.now();
  /** Whether the job runs in a child process or waits for one. */
  isRunning = true;

  constructor(
    private readonly deps: RunnerDeps,
    readonly job: JobRecord,
  ) {
    this.#log = deps.log.child({ job_id: shortId(job.id), request_id: job.request_id, operation: job.operation });
  }

  /** Kills the child that runs this job. */
  stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#stop.abort();
  }

  /** Never rejects. If the end cannot be recorded, the scheduler finds the job when its lease runs out. */
  async run(onWorkDone: () => void): Promise<void> {
    const { metrics } = this.deps;
    const { operation, fence, created_at, started_at = created_at } = this.job;
    if (fence === 1) {
      metrics.queueTime.observe({ operation }, (started_at - created_at) / 1_000);
      this.#span('queue', created_at).end({ at: started_at });
    }
    const lease = keepLease(this.deps.store, this.job, this.#log, this.stop.bind(this, 'lease'));
    try {
      const worked = metrics.processTime.startTimer({ operation });
      const work = this.#span('process');
      const outcome = await this.#work();
      worked();
      work.end(describeOutcome(outcome));
      this.isRunning = false;
      onWorkDone();
      const delivered = metrics.deliverTime.startTimer({ operation });
      const deliver = this.#span('deliver');
      await this.#settle(outcome);
      delivered();
      deliver.end();
    } catch (error) {
      this.#log.error('job not settled', { error });
    } finally {
      lease.stop();
      await this.#files?.close();
    }
  }

  /** Opens a span for a part of the job, in the trace of the request that created it. */
  #span(part: 'queue' | 'process' | 'deliver', startedAt?: number): OpenSpan {
    const { id, operation, fence, traceparent } = this.job;
    const attributes = { 'pdf_tools.job_id': shortId(id), 'pdf_tools.operation': operation, 'pdf_tools.run': fence };
    return this.deps.tracing.begin(`job ${part}`, { kind: 'consumer', parent: traceparent, startedAt, attributes });
  }

  async #work(): Promise<Outcome> {
    const { storage, copies, pool } = this.deps;
    const progress = new ProgressReporter(this.deps.store, this.job, this.#log);
    try {
      const files = await storage.openRun(this.job, copies, this.#stop.signal);
      this.#files = files;
      return await pool.run(
        await this.#poolJob(files),
        (percent, stage) => {
          progress.report(percent, stage);
        },
        this.#stop.signal,
      );
    } catch (thrown) {
      if (this.#stop.signal.aborted) return { kind: 'stopped' };
      const error = toJobError(thrown);
      return { kind: 'failed', error: error.toRecord(), cause: describeCause(error) };
    } finally {
      progress.stop();
    }
  }

  async #poolJob({ inputs: paths, outputPath }: RunFiles): Promise<PoolJob> {
    const { id, client, operation, inputs } = this.job;
    return {
      job: id,
      client,
      operation: operationName(operation),
      params: await this.#params(),
      inputs: inputs.map(({ name, bytes, format }, position) => {
        if (!isFormatName(format)) throw new AppError('internal_error', 'This format is not known to the worker.');
        return { path: paths[position] ?? '', name, bytes, format };
      }),
      outputPath,
    };
  }

  /** Returns the parameters with the secret ones, which only the child gets. */
  async #params(): Promise<unknown> {
    const { id, params, has_secrets } = this.job;
    if (!has_secrets) return params;
    const text = await this.deps.storage.readSecret(id);
    if (text === undefined)
      throw new AppError('internal_error', 'The secret parameters of the job no longer exist. Send the request again.');
    return joinSecrets(params, secretsSchema.parse(JSON.parse(text)));
  }

  async #settle(outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'done':
        return this.#succeed(outcome);
      case 'failed':
        if (outcome.cause !== undefined && !isClientError(outcome.error.code))
          this.#log.error('operation failed', { code: outcome.error.code, cause: outcome.cause });
        return this.#fail(outcome.error);
      case 'crashed':
        return this.#crashed(outcome);
      case 'stopped':
        return this.#stopped();
    }
  }

  async #succeed({ result: { pages, report }, output }: Extract<Outcome, { kind: 'done' }>): Promise<void> {
    const { id, fence, operation, inputs, params } = this.job;
    let result: JobResult;
    try {
      const { format } = resultOf(OPERATIONS[operationName(operation)], { fileCount: inputs.length, params });
      const files = this.#openFiles();
      const kept = await keepReport(this.job, report, files);
      await files.publish({ ...output, mediaType: format.mediaType }, (file) => {
        checkOutput(file, output.bytes, format);
      });
      result = { fence, ...output, pages, media_type: format.mediaType, ...kept };
    } catch (thrown) {
      this.#log.error('output not usable', { error: thrown });
      await this.#fail(toJobError(thrown).toRecord());
      return;
    }
    const unknownUnits = Math.max(0, (pages ?? 0) - unitsOf(inputs, params));
    const ours = await retryWhileUnavailable(() => this.deps.store.succeed(id, fence, result, unknownUnits), this.#log);
    this.#log.info(ours ? 'job succeeded' : 'result thrown away', {
      ms: Date.now() - this.startedAt,
      bytes: result.bytes,
    });
    this.#count(ours ? 'succeeded' : 'lost');
    if (ours) countBytes(this.deps.metrics, this.job, result.bytes);
    if (ours) await this.#removeInputs();
    else await this.#discard();
  }

  async #fail(error: ErrorRecord): Promise<void> {
    const { id, fence } = this.job;
    await this.#discard();
    const deferral = deferralOf(error.code, this.job.deferrals);
    if (deferral) return this.#defer(error, deferral);
    const ours = await retryWhileUnavailable(() => this.deps.store.fail(id, fence, error), this.#log);
    this.#log.info(ours ? 'job failed' : 'failure thrown away', { code: error.code, ms: Date.now() - this.startedAt });
    this.#count(ours ? 'failed' : 'lost', error.code);
    if (ours) await this.#removeInputs();
  }

  /** A full disk or a storage that does not answer is no fault of the job. The job is deferred. */
  async #defer(error: ErrorRecord, { delay, stage }: Deferral): Promise<void> {
    const next = await retryWhileUnavailable(() => this.deps.store.defer(this.job, delay, stage, error), this.#log);
    if (next === 'failed') await this.#removeSecret();
    this.#count(OUTCOMES[next], error.code);
    const event = next === 'queued' ? 'job deferred' : 'job not deferred';
    this.#log.warn(event, { code: error.code, next, ...(next === 'queued' && { retry_in_ms: delay }) });
  }

  #openFiles(): RunFiles {
    if (!this.#files) throw new Error('the files of the run are not open');
    return this.#files;
  }

  /** Logs a failure, because the job must end all the same. The sweep removes the files when the job expires. */
  async #remove(what: string, removal: () => Promise<void> | undefined): Promise<void> {
    try {
      await removal();
    } catch (error) {
      this.#log.warn('files not removed', { what, error });
    }
  }

  /** After a fail-over to a replica without the end of the run, the job runs again, and needs what was sent. */
  async #removeSent(what: string, removal: () => Promise<void>): Promise<void> {
    await this.#remove(what, async () => {
      await this.deps.replicated();
      await removal();
    });
  }

  async #removeInputs(): Promise<void> {
    const { id, inputs } = this.job;
    await this.#removeSent('inputs', () => this.deps.storage.removeInputs(id, inputs.length));
  }

  async #discard(): Promise<void> {
    await this.#remove('output', () => this.#files?.discard());
  }

  /** The inputs of a dead-lettered job stay for a retry; its secrets do not. */
  async #removeSecret(): Promise<void> {
    if (this.job.has_secrets) await this.#removeSent('secrets', () => this.deps.storage.removeSecret(this.job.id));
  }

  async #crashed({ error, exit }: Extract<Outcome, { kind: 'crashed' }>): Promise<void> {
    const { id, fence } = this.job;
    await this.#discard();
    const next = await retryWhileUnavailable(
      () => this.deps.store.failAttempt(id, fence, this.deps.maxAttempts, error),
      this.#log,
    );
    if (next === 'failed') await this.#removeSecret();
    this.#count(OUTCOMES[next], error.code);
    const { code: exit_code, ...ended } = exit;
    this.#log.warn('child process crashed', { code: error.code, next, exit_code, ...ended });
  }

  async #stopped(): Promise<void> {
    const { id, fence } = this.job;
    await this.#discard();
    if (this.#reason === 'closing') await retryWhileUnavailable(() => this.deps.store.release(id, fence), this.#log);
    this.#count('stopped');
    this.#log.info('work stopped', { reason: this.#reason });
  }

  #count(outcome: RunOutcome, code: ErrorCode | '' = ''): void {
    this.deps.metrics.ended.inc({ operation: this.job.operation, outcome, code });
  }
}

function describeCause({ cause, message }: AppError): string {
  return cause instanceof Error ? cause.message : message;
}

type RunOutcome = 'succeeded' | 'failed' | 'requeued' | 'stopped' | 'lost';
/** Outcomes of a run after which the store may have requeued the job. */
const OUTCOMES = { queued: 'requeued', failed: 'failed', lost: 'lost' } as const satisfies Record<string, RunOutcome>;

/** Describes how a run's work ended, for its span. */
function describeOutcome(outcome: Outcome) {
  const code = 'error' in outcome ? { 'error.type': outcome.error.code } : {};
  return { attributes: { 'pdf_tools.outcome': outcome.kind, ...code }, failed: outcome.kind !== 'done' };
}

function operationName(name: string): OperationName {
  if (isOperationName(name)) return name;
  throw new AppError('internal_error', 'This operation is not known to the worker.');
}

function countBytes(metrics: WorkerMetrics, { operation, inputs }: JobRecord, output: number): void {
  const input = inputs.reduce((sum, { bytes }) => sum + bytes, 0);
  metrics.inputBytes.inc({ operation }, input);
  metrics.outputBytes.inc({ operation }, output);
  if (isOperationName(operation) && OPERATIONS[operation].reportsSizes)
    metrics.savedBytes.inc(Math.max(0, input - output));
}
