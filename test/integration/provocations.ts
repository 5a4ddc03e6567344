import { mkdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { textPdf } from '@pdf-tools/harness/documents/text-pdf';
import { form, json } from '@pdf-tools/harness/http';
import type { FormFile, Job, Problem } from '@pdf-tools/harness/http';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
import { RawConnection } from '@pdf-tools/harness/raw-connection';
import { jpeg, pdf } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { PDFDocument } from 'pdf-lib';

const NGINX_PROBLEMS = new URL('../../../nginx/templates/30-problems.conf.template', import.meta.url);
export const KEY = { 'X-API-Key': 'the-key-of-the-shop' };
export const MAX_UPLOAD_BYTES = 400_000;

/** An API with a worker and without keys. */
export let open: TestStack;
/** An API without a worker that has keys and tight limits. */
export let limited: TestStack;
export let adminUrl: string;
export let document: Buffer;
export let photo: Buffer;
export let timedOut: Promise<Problem>;

export async function start(): Promise<void> {
  const adminPort = await freePort();
  adminUrl = `http://127.0.0.1:${adminPort}`;
  [document, photo] = await Promise.all([pdf(['one']), jpeg()]);
  [open, limited] = await Promise.all([
    TestStack.start(['api', 'worker'], { MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES), TRUST_PROXY: '1' }),
    TestStack.start(['api'], {
      API_KEYS: 'shop:the-key-of-the-shop',
      ADMIN_KEY: 'an-admin-key-for-tests',
      ADMIN_PORT: String(adminPort),
      QUEUE_MAX_JOBS_PER_CLIENT: '3',
      RATE_LIMIT: 'on',
    }),
  ]);
  timedOut = neverEndingRequest();
}

export async function stop(): Promise<void> {
  await Promise.all([open.stop(), limited.stop()]);
}

/** Sends half of a request, which the server gives up after 15 s. */
async function neverEndingRequest(): Promise<Problem> {
  const connection = new RawConnection(open.url);
  connection.send('GET /api/limits HTTP/1.1\r\nHost: x\r\n');
  const [answer] = await connection.answers(1);
  return JSON.parse(answer?.body ?? '{}') as Problem;
}

export async function get(path: string, headers = {}, method = 'GET'): Promise<Problem> {
  return json<Problem>(await fetch(open.url + path, { method, headers }));
}

export async function post(operation: string, files: readonly FormFile[], fields = {}, headers = {}): Promise<Problem> {
  const init = { method: 'POST', body: form(files, fields), headers };
  return json<Problem>(await fetch(`${open.url}/api/${operation}`, init));
}

export const compress = (bytes: Buffer, fields = {}): Promise<Problem> =>
  post('compress-pdf', [{ name: 'a.pdf', bytes, field: 'file' }], fields);
export const merge = (bytes: Buffer, fields = {}): Promise<Problem> =>
  post('merge-pdf', [{ name: 'a.pdf', bytes }], fields);

/** Accepts a job that no worker runs, with the key of the shop. */
export async function queued(fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const body = form([{ name: 'a.jpg', bytes: photo }], { async: 'true', ...fields });
  const { id } = await json<Job>(
    await fetch(`${limited.url}/api/image-to-pdf`, { method: 'POST', body, headers: KEY }),
  );
  return id;
}

export async function resultOf(id: string): Promise<Problem> {
  return json<Problem>(await fetch(`${limited.url}/api/jobs/${id}/result`, { headers: KEY }));
}

/** The problem of a job that the worker fails. The worker's limits have tests of their own. */
export async function failed(code: ErrorCode, detail: string): Promise<Problem> {
  const id = await queued();
  await limited.claim(id);
  await limited.store.fail(id, 1, { code, detail });
  return resultOf(id);
}

/** A job whose result is not a file. */
export async function brokenResult(): Promise<Problem> {
  const id = await queued();
  await limited.claim(id);
  await mkdir(limited.storage.resultPath(id, 1), { recursive: true });
  await limited.store.succeed(id, 1, { fence: 1, bytes: 9, pages: 1, sha256: '0', report: {} });
  return resultOf(id);
}

/** Settings of an object storage at a port that nothing listens on. */
export async function unreachableStorage(): Promise<Record<string, string>> {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  return {
    STORAGE: 's3',
    S3_ENDPOINT: endpoint,
    S3_BUCKET: 'files',
    S3_ACCESS_KEY_ID: 'AK',
    S3_SECRET_ACCESS_KEY: 'SK',
  };
}

/** A PNG whose header claims more pixels than any image has. */
export function hugePng(): Buffer {
  const header = Buffer.from('IHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\x02\0\0\0', 'latin1');
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(header));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\r', 'latin1'), header, checksum, Buffer.alloc(100)]);
}

export async function manyPages(): Promise<Problem> {
  const blank = await PDFDocument.create();
  for (let page = 0; page < 200; page++) blank.addPage([10, 10]);
  const pages = Array.from({ length: 60 }, () => '1-200').join(',');
  return merge(Buffer.from(await blank.save()), { items: JSON.stringify([{ file: 0, pages }]) });
}

export async function conflict(): Promise<Problem> {
  const headers = { 'Idempotency-Key': 'the-same-key' };
  const file = { name: 'a.jpg', bytes: photo };
  await post('image-to-pdf', [file], { async: 'true' }, headers);
  return post('image-to-pdf', [file, file], { async: 'true' }, headers);
}

export async function expired(): Promise<Problem> {
  const id = await queued({ retain: '1' });
  await limited.claim(id);
  await limited.store.fail(id, 1, { code: 'corrupt_image', detail: 'gone' });
  // Each question before that counts for the rate limit, which other cases need.
  await sleep(1_000);
  return eventually(async () => {
    const problem = await resultOf(id);
    return problem.code === 'expired' && problem;
  }, 'the job has expired');
}

export async function tooManyStreams(): Promise<Problem> {
  const { id } = (await post('image-to-pdf', [{ name: 'a.jpg', bytes: photo }], { async: 'true' })) as unknown as Job;
  open.process('worker').signal('SIGSTOP');
  const waiting = (await post('image-to-pdf', [{ name: 'a.jpg', bytes: photo }], { async: 'true' })) as unknown as Job;
  const path = `${open.url}/api/jobs/${waiting.id || id}/events`;
  const leave = new AbortController();
  try {
    // fetch cancels the stream of a response that is not referred to any more.
    const streams: Response[] = [];
    while (streams.length < 200) {
      const headers = { 'X-Forwarded-For': `203.0.113.${streams.length % 2}` };
      streams.push(await fetch(path, { headers, signal: leave.signal }));
    }
    return await json<Problem>(await fetch(path, { headers: { 'X-Forwarded-For': '203.0.113.9' } }));
  } finally {
    leave.abort();
    open.process('worker').signal('SIGCONT');
  }
}

export async function callsWithoutEnd(): Promise<Problem> {
  const calls = Array.from({ length: 60 }, () => fetch(`${limited.url}/api/limits`, { headers: KEY }));
  const refused = (await Promise.all(calls)).find(({ status }) => status === 429);
  return json<Problem>(refused ?? (await fetch(`${limited.url}/api/limits`, { headers: KEY })));
}

/** The text of a problem that only nginx answers. */
export async function ofNginx(code: ErrorCode): Promise<Problem> {
  const template = await readFile(NGINX_PROBLEMS, 'utf8');
  const line = template.split('\n').find((text) => text.includes(`"code":"${code}"`)) ?? '';
  return JSON.parse(`{"type":${/'(.*)'/.exec(line)?.[1] ?? '""'},"errors":[]}`) as Problem;
}

export function signedPdf(): Buffer {
  return textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R /Perms << /UR3 5 0 R >> >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>',
    5: '<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> >>',
  });
}
