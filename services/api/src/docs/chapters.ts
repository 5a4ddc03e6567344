import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import { RATE } from '../http/rate-limit.js';
import { EVENT_EXAMPLES } from './event-examples.js';
import { JOB_EXAMPLES, WEBHOOK_EXAMPLES } from './examples.js';
import { escapeHtml, examples, table } from './html.js';
import { REMEDIES } from './remedies.js';
import { HEADERS } from './responses.js';

interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

interface ChapterOptions {
  readonly maxUploadBytes: number;
  /** Longest retention in seconds. */
  readonly maxRetain: number;
}

/** Returns the parts of the page that no operation owns. */
export function chapters({ maxUploadBytes, maxRetain }: ChapterOptions): Chapter[] {
  return [
    { id: 'requests', title: 'Requests and responses', html: REQUESTS },
    { id: 'authentication', title: 'Authentication', html: AUTHENTICATION },
    { id: 'limits', title: 'Limits', html: limits(maxUploadBytes) },
    { id: 'jobs', title: 'Jobs', html: `${JOBS}\n${examples('job', JOB_EXAMPLES)}` },
    { id: 'events', title: 'Events', html: `${EVENTS}\n${examples('events', EVENT_EXAMPLES)}` },
    { id: 'idempotency', title: 'Idempotency', html: IDEMPOTENCY },
    { id: 'retention', title: 'Retention', html: retention(maxRetain) },
    { id: 'webhooks', title: 'Webhooks', html: `${WEBHOOK}\n${examples('webhook', WEBHOOK_EXAMPLES)}` },
    { id: 'headers', title: 'Response headers', html: headerTable() },
    { id: 'errors', title: 'Errors', html: `${ERRORS}\n${errorTable()}` },
  ];
}

const REQUESTS = `<p>Each operation takes a multipart form with files and parameters. The response is <code>200</code> with the bytes
of the result if it is ready in time. Otherwise it is <code>202</code> with a <a href="#jobs">job</a>, so check the status before you
save the response. Parameters can also be in the query, except passwords.</p>
<p>The Python examples use the package <code>requests</code>. The JavaScript examples run on Node.js 20 and later as modules
(<code>.mjs</code>). <a href="/openapi.json">/openapi.json</a> describes the API as OpenAPI 3.1.</p>`;

const AUTHENTICATION = `<p>A server without keys is open, and the id of a job is all that is needed to read it. Keep ids secret. A server
with keys answers <code>401</code> to requests below <code>/api</code> without a valid key. Send the key in one of these headers:</p>
<pre tabindex="0">Authorization: Bearer KEY
X-API-Key: KEY</pre>
<p>A key sees only its own jobs. Ask the operator for a key.</p>`;

function limits(maxUploadBytes: number): string {
  return `<p>All files of a request together have at most ${maxUploadBytes} bytes. An address or key may send
${RATE.calls} requests in ${RATE.seconds} s if the server limits the rate. <code>RateLimit</code> has what is left. After a
<code>429</code>, wait for the seconds in <code>Retry-After</code>. <code>GET /api/limits</code> has all limits in force: formats, numbers
of files, lengths of parameters, and the size of the queue.</p>`;
}

const JOBS = `<p>With <code>async=true</code> or <code>Prefer: respond-async</code> an operation answers <code>202</code> with the job at
once. <code>Prefer: wait=10</code> waits at most 10 s for the result. The status of a job is <code>queued</code>, <code>active</code>,
<code>succeeded</code>, <code>failed</code> or <code>cancelled</code>. <code>result</code> is null until it succeeds, and
<code>error</code> is null unless it fails. <code>DELETE</code> cancels a job or deletes its files.</p>`;

const EVENTS = `<p><code>GET /api/jobs/ID/events</code> sends the job as server-sent events: at once, after each change, and until it ends. The
data of the event <code>job</code> are the whole job as JSON, so no event has to be kept. The event <code>gone</code> says that the job was
deleted. A comment every 15 s keeps the connection open. After a lost connection, send <code>Last-Event-ID</code>. The response
<code>204</code> means that you have received the end. <code>EventSource</code> of browsers does all of this, but cannot send a key.
These programs follow a job and connect again after a lost connection. Send a key as in <a href="#authentication">Authentication</a>.</p>`;

const IDEMPOTENCY = `<p>Send an <code>Idempotency-Key</code> of your own, such as an order number, to repeat a request safely. The same key
with the same parameters and files gets the job of the first request, and <code>Idempotency-Replayed: true</code>. The same key with
another request is a <code>409 idempotency_conflict</code>. The key is valid as long as the job. A job that failed with a retryable error
starts anew.</p>`;

function retention(maxRetain: number): string {
  return `<p>Uploads are deleted when the job ends. Results are deleted at <code>expires_at</code>, at most ${maxRetain} s after the end.
<code>retain=SECONDS</code> shortens that, and <code>retain=0</code> deletes the result after the first complete download. Afterwards
the job answers <code>410 expired</code> for a while, then <code>404</code>.</p>`;
}

const WEBHOOK = `<p>With <code>callback_url=https://…</code> the finished job is posted to your server as
<code>{"type": "job.finished", "timestamp": …, "data": JOB}</code>, signed as the
<a href="https://www.standardwebhooks.com/">Standard Webhooks</a> specification describes. Answer 2xx within a few seconds. Otherwise it
is repeated for about a day, with the same <code>webhook-id</code>: ignore an id that you have received. <code>410</code> ends the attempts.
Check the signature before you trust the body. The operator gives you the secret (<code>WEBHOOK_SECRET</code>). The address must be
public.</p>`;

const ERRORS = `<p>An error is <code>application/problem+json</code> (RFC 9457). <code>code</code> is stable, <code>detail</code> is for people, and
<code>retryable</code> says whether the same request may succeed later. Each entry of <code>errors</code> names the <code>file</code>, its
<code>index</code> in the request, the <code>page</code>, the <code>param</code> and the <code>limit</code>, as far as they apply. Give the
<code>request_id</code> to the operator if you need help.</p>`;

function headerTable(): string {
  const rows = Object.entries(HEADERS).map(([name, { description, example }]) => [
    `<code>${name}</code>`,
    escapeHtml(description),
    `<code>${escapeHtml(String(example))}</code>`,
  ]);
  return table(['Header', 'Meaning', 'Example'], rows);
}

function errorTable(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, { status, title }]) => [
    String(status),
    `<code>${code}</code>`,
    escapeHtml(`${title}.`),
    escapeHtml(REMEDIES[code as keyof typeof REMEDIES]),
  ]);
  return table(['Status', 'Code', 'Meaning', 'What to do'], rows);
}
