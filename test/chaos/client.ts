import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PDFDocument } from 'pdf-lib';
import { form } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import type { Accepted, Ledger } from './ledger.js';
import type { Task } from './tasks.js';

const POLL_MS = 400;
const RETRY_MS = 700;
const LOOK_AGAIN_MS = 8_000;
/** The last check of a finished job happens this long before its files are deleted. */
const BEFORE_EXPIRY_MS = 6_000;
/** Far longer than any fault. */
const PATIENCE_MS = 240_000;
/** Statuses that a stopped or full part may cause. They mean that no job was accepted and the client should retry. */
const RETRYABLE = [429, 502, 503, 504, 507];

/** Effects that the faults so far may explain. */
export interface Excuses {
  readonly childrenKilled: number;
}

interface Answer {
  readonly status: number;
  readonly jobId: string | undefined;
  readonly body: Buffer;
}

type View = Job & { readonly finished_at: string | null; readonly expires_at: string | null };

/** A client that retries refused requests, follows every job to its end and keeps checking it afterwards. */
export class Client {
  readonly #watches: Promise<void>[] = [];

  constructor(
    private readonly base: string,
    private readonly ledger: Ledger,
    private readonly excuses: Excuses,
  ) {}

  /** Resolves with the accepted job after it has ended and its result was read. Never rejects. */
  async run(task: Task): Promise<Accepted | undefined> {
    let job: Accepted | undefined;
    try {
      job = await this.#submit(task);
      if (!job) return undefined;
      const view = await this.#follow(job);
      if (!view) return job;
      this.ledger.end(job, view);
      this.#check(job, view);
      const hash = view.status === 'succeeded' ? await this.#readResult(job, view) : undefined;
      this.#watches.push(this.#watch(job, view, hash));
    } catch (error) {
      this.ledger.violate('wrong answer', `${task.name}: ${String(error)}`);
    }
    return job;
  }

  /** Resolves when every finished job has been checked until shortly before its files are deleted. */
  async watched(): Promise<void> {
    await Promise.all(this.#watches);
  }

  /** Sends the task until it is accepted. */
  async #submit(task: Task): Promise<Accepted | undefined> {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const at = Date.now();
      const answer = await this.#send(task.path, {
        method: 'POST',
        headers: {
          'Idempotency-Key': task.name,
          'X-Request-Id': task.name,
          ...(!task.wait && { Prefer: 'respond-async' }),
        },
        body: form(task.files.map((file) => ({ ...file, field: task.field }))),
      });
      if (answer?.jobId !== undefined) {
        const answeredAt = Date.now();
        const job = {
          id: answer.jobId,
          task,
          at,
          answeredAt,
          answered: answer.status === 200 ? sha256(answer.body) : undefined,
        };
        this.ledger.accept(job);
        return job;
      }
      this.ledger.refuse(answer ? `HTTP ${answer.status}` : 'no answer');
      if (answer && !RETRYABLE.includes(answer.status)) {
        this.#refused(task.name, answer);
        return undefined;
      }
      await sleep(RETRY_MS);
    }
    this.ledger.violate('wrong answer', `${task.name} was never accepted`);
    return undefined;
  }

  /** Returns the job when it has ended, or undefined if it never does. */
  async #follow({ id, task }: Accepted): Promise<View | undefined> {
    const deadline = Date.now() + PATIENCE_MS;
    let last = 'unknown';
    while (Date.now() < deadline) {
      const view = await this.#look(id);
      if (view === 'gone') {
        this.ledger.violate('lost', `${task.name} ${id} is gone after ${last}`);
        return undefined;
      }
      last = view?.status ?? last;
      if (view && last !== 'queued' && last !== 'active') return view;
      await sleep(POLL_MS);
    }
    this.ledger.violate('lost', `${task.name} ${id} is ${last} for ever`);
    return undefined;
  }

  /** Returns the job's current view, or undefined if the service does not answer. */
  async #look(id: string): Promise<View | 'gone' | undefined> {
    const answer = await this.#send(`/api/jobs/${id}`);
    if (answer?.status === 404 || answer?.status === 410) return 'gone';
    return answer?.status === 200 ? (JSON.parse(answer.body.toString()) as View) : undefined;
  }

  #check({ id, task }: Accepted, view: View): void {
    const { expected } = task;
    const wanted = 'code' in expected ? `failed: ${expected.code}` : 'succeeded';
    const got = view.error ? `${view.status}: ${view.error.code}` : view.status;
    if (got !== wanted) this.ledger.violate('wrong outcome', `${task.name} ${id}: ${got}, not ${wanted}`);
    // Each killed child may cost one attempt. A fault outside the child costs none.
    if (view.attempts < 1 || view.attempts > 1 + this.excuses.childrenKilled)
      this.ledger.violate('wrong outcome', `${task.name} ${id}: ${view.attempts} attempts`);
  }

  /** Returns the hash of the result after checking it against the record and the first response. */
  async #readResult({ id, task, answered }: Accepted, { result }: View): Promise<string | undefined> {
    const answer = await this.#sendUntilAnswered(`/api/jobs/${id}/result`);
    const fault = (text: string): void => {
      this.ledger.violate('broken', `${task.name} ${id}: ${text}`);
    };
    if (answer.status !== 200) {
      fault(`the result is HTTP ${answer.status}`);
      return undefined;
    }
    const hash = sha256(answer.body);
    if (hash !== result?.sha256) fault('the result is not what its record says');
    if (answered !== undefined && answered !== hash)
      this.ledger.violate('duplicated', `${task.name} ${id}: one result was answered, another is kept`);
    const pages = await pagesOf(answer.body);
    if (pages !== result?.pages || ('pages' in task.expected && pages !== task.expected.pages))
      fault(`${pages ?? 'no'} pages`);
    return hash;
  }

  /** Checks repeatedly that an ended job does not change before it expires. */
  async #watch({ id, task }: Accepted, ended: View, hash: string | undefined): Promise<void> {
    const until = Date.parse(ended.expires_at ?? '') - BEFORE_EXPIRY_MS;
    const was = textOf(ended);
    while (Date.now() + LOOK_AGAIN_MS < until) {
      await sleep(LOOK_AGAIN_MS);
      const view = await this.#look(id);
      if (view === undefined) continue;
      const is = view === 'gone' ? view : textOf(view);
      if (is === was) continue;
      this.ledger.violate(is === 'gone' ? 'lost' : 'duplicated', `${task.name} ${id}: ${was} became ${is}`);
      return;
    }
    if (hash !== undefined) await this.#readAgain(id, task, { hash, until: Date.parse(ended.expires_at ?? '') });
  }

  /** Checks that the result still has the same bytes. */
  async #readAgain(id: string, task: Task, { hash, until }: { hash: string; until: number }): Promise<void> {
    const again = await this.#send(`/api/jobs/${id}/result`);
    // On a busy machine this check may come too late.
    if (Date.now() > until) return;
    if (again && again.status !== 200 && !RETRYABLE.includes(again.status))
      this.ledger.violate('broken', `${task.name} ${id}: the result is HTTP ${again.status} before its time is over`);
    if (again?.status === 200 && sha256(again.body) !== hash)
      this.ledger.violate('duplicated', `${task.name} ${id}: another result`);
  }

  async #sendUntilAnswered(path: string): Promise<Answer> {
    for (;;) {
      const answer = await this.#send(path);
      if (answer && !RETRYABLE.includes(answer.status)) return answer;
      await sleep(RETRY_MS);
    }
  }

  /** Returns the response, or undefined if it did not arrive completely. */
  async #send(path: string, init: RequestInit = {}): Promise<Answer | undefined> {
    try {
      const response = await fetch(this.base + path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS / 2) });
      const body = Buffer.from(await response.arrayBuffer());
      return { status: response.status, jobId: response.headers.get('x-job-id') ?? undefined, body };
    } catch {
      return undefined;
    }
  }

  #refused(name: string, { status, body }: Answer): void {
    this.ledger.violate('wrong answer', `${name}: HTTP ${status} ${body.subarray(0, 200).toString()}`);
  }
}

/** Returns a job's view for comparisons, without the request id, which belongs to the asking request. */
function textOf(view: View): string {
  return JSON.stringify({ ...view, error: view.error && { ...view.error, request_id: '' } });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function pagesOf(bytes: Buffer): Promise<number | undefined> {
  try {
    return (await PDFDocument.load(bytes)).getPageCount();
  } catch {
    return undefined;
  }
}
