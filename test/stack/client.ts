import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { eventually } from '@pdf-tools/harness/processes';

export const STACK_URL = process.env.STACK_URL ?? 'http://127.0.0.1:18080';

export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string(),
  retryable: z.boolean(),
  errors: z.array(z.unknown()),
});

export const jobView = z.object({
  id: z.string(),
  operation: z.string(),
  status: z.string(),
  result: z.object({ url: z.string(), bytes: z.number(), pages: z.number() }).nullable(),
});

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Sends a request and repeats it after a 429, as the response asks. */
export async function call(path: string, init: RequestInit = {}, base = STACK_URL): Promise<Answer> {
  for (;;) {
    const response = await fetch(base + path, init);
    const body = Buffer.from(await response.arrayBuffer());
    if (response.status !== 429) return { status: response.status, headers: response.headers, body };
    await sleep(Number(response.headers.get('retry-after') ?? '1') * 1_000);
  }
}

/** Builds a multipart form of fields, and files by field name. */
export function form(
  fields: Readonly<Record<string, string>>,
  files: readonly [field: string, name: string, bytes: Buffer][],
) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  for (const [field, name, bytes] of files) data.append(field, new Blob([new Uint8Array(bytes)]), name);
  return data;
}

export async function untilEnded(id: string): Promise<z.output<typeof jobView>> {
  return eventually(
    async () => {
      const job = jobView.parse(JSON.parse((await call(`/api/jobs/${id}`)).body.toString()));
      return job.status !== 'queued' && job.status !== 'active' && job;
    },
    `job ${id} ended`,
    120_000,
  );
}

/** Uploads `bytes` in one file. Resolves with the response, even if it comes before the last byte is sent. */
export function upload(path: string, bytes: number): Promise<Answer> {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n';
  const tail = '\r\n--b--\r\n';
  const body = Buffer.alloc(head.length + bytes - 9 + tail.length, 0x20);
  body.write(head);
  body.write(tail, body.length - tail.length);
  return new Promise((resolve, reject) => {
    const sent = request(STACK_URL + path, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': body.length },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('end', () => {
        const headers = new Headers({ 'content-type': response.headers['content-type'] ?? '' });
        resolve({ status: response.statusCode ?? 0, headers, body: Buffer.concat(parts) });
      });
    });
    sent.end(body);
  });
}

/** Sends text that may be invalid HTTP and returns the response. */
export function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(STACK_URL);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setTimeout(30_000, () => socket.destroy());
    socket.on('data', (part) => (answer += part.toString()));
    socket.once('error', reject);
    socket.once('close', () => {
      resolve(answer);
    });
  });
}
