import type { Operations } from '@pdf-tools/operations/operation';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import { RATE } from '../http/rate-limit.js';
import { EVENT_EXAMPLES } from './event-examples.js';
import { JOB_EXAMPLES, WEBHOOK_EXAMPLES } from './examples.js';
import { escapeHtml, examples, table } from './html.js';
import { memberTable } from './fields.js';
import { REQUEST_HEADERS } from './operation-path.js';
import { REMEDIES } from './remedies.js';
import { HEADERS } from './responses.js';
import { RETRY_EXAMPLES } from './retry-examples.js';
import { jobSchema } from './schemas.js';

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
export function chapters(operations: Operations, { maxUploadBytes, maxRetain }: ChapterOptions): Chapter[] {
  const job = memberTable(jobSchema(operations));
  return [
    { id: 'requests', title: 'Requests and responses', html: REQUESTS },
    { id: 'authentication', title: 'Authentication', html: AUTHENTICATION },
    { id: 'limits', title: 'Limits', html: limits(maxUploadBytes) },
    { id: 'jobs', title: 'Jobs', html: `${JOBS}\n${examples('job', JOB_EXAMPLES)}\n<h3>Fields of a job</h3>\n${job}` },
    { id: 'downloads', title: 'Downloads', html: DOWNLOADS },
    { id: 'events', title: 'Events', html: `${EVENTS}\n${examples('events', EVENT_EXAMPLES)}` },
    { id: 'idempotency', title: 'Idempotency', html: IDEMPOTENCY },
    { id: 'retention', title: 'Retention', html: retention(maxRetain) },
    { id: 'webhooks', title: 'Webhooks', html: `${WEBHOOK}\n${examples('webhook', WEBHOOK_EXAMPLES)}` },
    { id: 'request-headers', title: 'Request headers', html: requestHeaderTable() },
    { id: 'headers', title: 'Response headers', html: headerTable() },
    { id: 'retries', title: 'Retries', html: `${RETRIES}\n${examples('retry', RETRY_EXAMPLES)}` },
    { id: 'errors', title: 'Errors', html: `${ERRORS}\n${errorTable()}` },
  ];
}

const REQUESTS = `<p>Each operation takes a multipart form with files and parameters. The response is <code>200</code> with the bytes
of the result if it is ready within <code>sync_wait_seconds</code> of <code>GET /api/limits</code>. Otherwise it is <code>202</code> with a
<a href="#jobs">job</a>, so check the status before you save the response. Parameters can also be in the query, except passwords. A
parameter that is an object or an array is one form field with JSON.</p>
<p>The Python examples use the package <code>requests</code>. The JavaScript examples run on Node.js 20 and later as modules
(<code>.mjs</code>). <a href="/openapi.json">/openapi.json</a> describes the API as OpenAPI 3.1.</p>`;

const AUTHENTICATION = `<p>A server without keys is open, and the id of a job is all that is needed to read it. Keep ids secret. A server
with keys answers <code>401</code> to requests below <code>/api</code> without a valid key. Send the key in one of these headers:</p>
<pre tabindex="0">Authorization: Bearer KEY
X-API-Key: KEY</pre>
<p>A key sees only its own jobs. Ask the operator for a key.</p>`;

/** Limits of nginx for one address (nginx/templates/20-limits.conf.template and nginx/snippets). */
export const PROXY = { burst: 20, perSecond: 10, streams: 50 };

function limits(maxUploadBytes: number): string {
  return `<p>All files of a request together have at most ${maxUploadBytes} bytes. A larger request gets
<code>413 upload_too_large</code>, often before all of it is sent. <code>GET /api/limits</code> has all limits in force: formats, numbers
of files, lengths of parameters, and the size of the queue.</p>
<p>If the server limits the rate, an address or key may send ${RATE.calls} requests in ${RATE.seconds} s. <code>RateLimit</code> has what
is left. The proxy of the server allows fewer: bursts of ${PROXY.burst} requests and ${PROXY.perSecond} requests per second of one address
on average, and ${PROXY.streams} open streams of events. Its <code>429</code> has no <code>RateLimit</code>. After a <code>429</code>, wait
for the seconds in <code>Retry-After</code>.</p>`;
}

const JOBS = `<p>With <code>async=true</code> or <code>Prefer: respond-async</code> an operation answers <code>202</code> with the job at
once. <code>Prefer: wait=10</code> waits at most 10 s for the result. The status of a job is <code>queued</code>, <code>active</code>,
<code>succeeded</code>, <code>failed</code> or <code>cancelled</code>. <code>result</code> is null until it succeeds, and
<code>error</code> is null unless it fails. It is the error that the operation answers with if it waits.</p>
<p><code>DELETE /api/jobs/ID</code> answers <code>204</code>. It cancels an unfinished job, which then has the status
<code>cancelled</code>. It deletes a finished or cancelled job, which then answers <code>404</code>.</p>`;

const DOWNLOADS = `<p><code>GET /api/jobs/ID/result</code> sends the result. It takes one range, such as <code>Range: bytes=1000-</code>, and answers
<code>206</code> with <code>Content-Range</code>. Several ranges get <code>200</code> with the whole result. To resume a download, send the
<code>ETag</code> of the first response in <code>If-Range</code>. The response is <code>200</code> with all bytes if the result is another.
<code>result.bytes</code> and <code>result.sha256</code> of the job check the complete file.</p>`;

const EVENTS = `<p><code>GET /api/jobs/ID/events</code> sends the job as server-sent events: at once, after each change, and until it ends. The
data of the event <code>job</code> are the whole job as JSON, so no event has to be kept. The event <code>gone</code> says that the job was
deleted. A comment every 15 s keeps the connection open. The field <code>retry</code> has the milliseconds to wait before a new
connection. The stream may also end before the job does, for example when the server restarts. Then connect again and send the id of
the last event in <code>Last-Event-ID</code>. The response <code>204</code> means that you have received the end.</p>
<p><code>EventSource</code> of browsers does most of this, but cannot send a key and gives up after an error such as <code>502</code>. These
programs follow a job and connect again after a lost connection or a retryable error. Send a key as in
<a href="#authentication">Authentication</a>.</p>`;

const IDEMPOTENCY = `<p>Send an <code>Idempotency-Key</code> of your own, such as an order number, to repeat a request safely. The same key
with the same parameters and files gets the job of the first request, and <code>Idempotency-Replayed: true</code>. The same key with
another request is a <code>409 idempotency_conflict</code>.</p>
<p>The key is valid as long as the job, until it expires or you delete it. A request with the key of a cancelled job gets that job. If
the job failed with a retryable error, the request starts a new job. If it failed with another error, the request gets the same error.
After you correct the request, send another key.</p>`;

function retention(maxRetain: number): string {
  return `<p>Uploads are deleted when the job ends. Results are deleted at <code>expires_at</code>, at most ${maxRetain} s after the end.
<code>retain=SECONDS</code> shortens that. Afterwards the job answers <code>410 expired</code> for a while, then <code>404</code>.
<code>retain=0</code> deletes the job after the first complete download, also if the operation answers with the result itself. Then the
job answers <code>404</code>, so its report cannot be read.</p>`;
}

const WEBHOOK = `<p>With <code>callback_url=https://…</code> the finished job is posted to your server as
<code>{"type": "job.finished", "timestamp": …, "data": JOB}</code>, signed as the
<a href="https://www.standardwebhooks.com/">Standard Webhooks</a> specification describes. Answer 2xx within a few seconds. Otherwise it
is repeated for about a day, with the same <code>webhook-id</code>: ignore an id that you have received. <code>410</code> ends the attempts.
The address must be public. A server without a secret sends no webhooks and refuses <code>callback_url</code>.</p>
<p>Check the signature before you trust the body. The operator gives you the secret (<code>WEBHOOK_SECRET</code>). It is
<code>whsec_</code> and the base64 of the key. <code>webhook-signature</code> has one or more signatures, separated by spaces. Each is
<code>v1,</code> and the base64 of the HMAC-SHA256 of <code>webhook-id</code>, <code>webhook-timestamp</code> and the bytes of the body,
joined by dots. Refuse a <code>webhook-timestamp</code> (seconds since 1970) that differs from your clock by more than 5 minutes.</p>`;

const ERRORS = `<p>An error is <code>application/problem+json</code> (RFC 9457). <code>code</code> is stable, <code>detail</code> is for people, and
<code>retryable</code> says whether the same request may succeed later. Each entry of <code>errors</code> names the <code>file</code>, its
<code>index</code> in the request, the <code>page</code>, the <code>param</code> and the <code>limit</code>, as far as they apply. Give the
<code>request_id</code> to the operator if you need help.</p>`;

const RETRIES = `<p>An error with <code>"retryable": true</code> may go away. Send the request again after the seconds in
<code>Retry-After</code>, or wait longer each time if the response has none. Any other error stays until you change the request. These
programs do both. Their <code>Idempotency-Key</code> keeps a repeated request from starting a second job, also after a lost connection.</p>`;

function requestHeaderTable(): string {
  const rows = REQUEST_HEADERS.map(({ name, description, schema }) => [
    `<code>${name}</code>`,
    escapeHtml(description),
    schema.examples.map((example) => `<code>${escapeHtml(example)}</code>`).join(' '),
  ]);
  return table(['Header', 'Meaning', 'Example'], rows);
}

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
