import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { bytes, form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { encrypt } from '@pdf-tools/harness/documents/documents';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, pdf } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { ENDPOINT, TestBucket } from './bucket.js';
import { publish, sha256 } from './contract.js';
import { S3Proxy } from './s3-proxy.js';

let bucket: TestBucket;
let proxy: S3Proxy;
let stack: TestStack;
let document: Buffer;
/** Larger than a part of a multipart upload. */
let large: Buffer;

beforeAll(async () => {
  bucket = await TestBucket.create();
  proxy = await S3Proxy.start();
  document = await pdf(['one', 'two']);
  large = Buffer.concat([await jpeg(3_000, 2_000), Buffer.alloc(7_000_000)]);
  const settings = { ...bucket.environment(proxy.url), SWEEP_INTERVAL_SECONDS: '1', S3_PUBLIC_ENDPOINT: ENDPOINT };
  stack = await TestStack.start(['api', 'worker', 'scheduler'], settings);
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
});
afterAll(async () => {
  await stack.stop();
  proxy.close();
});
afterEach(() => {
  proxy.breaks = () => false;
  proxy.corrupts = () => false;
});

function merge(files: readonly Buffer[], fields = {}, headers = {}): Promise<Response> {
  const body = form(
    files.map((content, index) => ({ name: `${index}.pdf`, bytes: content })),
    fields,
  );
  return fetch(`${stack.url}/api/merge-pdf`, { method: 'POST', body, headers });
}

/** Sends a request as a client does that is no browser. `fetch` adds Sec-Fetch-Mode. */
async function askPlainly(method: string, url: string): Promise<IncomingMessage> {
  const sent = request(url, { method });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

const view = async (id: string): Promise<Job> => json<Job>(await fetch(`${stack.url}/api/jobs/${id}`));
const keysOf = async (id: string): Promise<string[]> => (await bucket.keys()).filter((key) => key.includes(id));
const ended = (id: string): Promise<Job> =>
  eventually(async () => {
    const job = await view(id);
    return ['succeeded', 'failed'].includes(job.status) && job;
  }, 'the job ended');

describe('a job whose files are in an object storage', () => {
  it('answers a POST with the bytes, and only the result stays stored', async () => {
    const answer = await merge([document, large], { toc: 'true' }, { 'Idempotency-Key': 'once' });
    expect([answer.status, answer.redirected]).toEqual([200, false]);
    const result = await bytes(answer);
    const id = answer.headers.get('x-job-id') ?? '';
    expect(answer.headers.get('etag')).toBe(`"${sha256(result)}"`);
    expect((await view(id)).result).toMatchObject({ bytes: result.length, sha256: sha256(result), pages: 4 });
    await eventually(async () => (await keysOf(id)).every((key) => key.startsWith('temp/')), 'the inputs are removed');
    // On the local disk nothing is left, neither of the api nor of the worker.
    expect(readdirSync(join(stack.folder, 'received'))).toEqual([]);
    expect(await stack.filesOf()).toEqual([]);
    const slots = (): string => readdirSync(join(stack.folder, 'slots'), { recursive: true }).join();
    await eventually(() => Promise.resolve(!slots().includes('run-')), 'the copies of the worker are removed');
  });

  it('redirects only a GET of the result, and never a script of a page', async () => {
    const id = (await merge([document], {})).headers.get('x-job-id') ?? '';
    const url = `${stack.url}/api/jobs/${id}/result`;
    const redirect = await askPlainly('GET', url);
    expect([redirect.statusCode, redirect.headers['cache-control']]).toEqual([307, 'private, no-store']);
    expect(redirect.headers.location).toMatch(`${ENDPOINT}/`);
    expect((await askPlainly('HEAD', url)).statusCode).toBe(200);
    const followed = await fetch(redirect.headers.location ?? '');
    expect(followed.headers.get('content-disposition')).toContain('merged.pdf');
    const direct = await fetch(url, { redirect: 'manual', headers: { 'Sec-Fetch-Mode': 'cors' } });
    expect(direct.status).toBe(200);
    expect((await bytes(followed)).equals(await bytes(direct))).toBe(true);
    const range = await fetch(url, { headers: { 'Sec-Fetch-Mode': 'cors', Range: 'bytes=1-3' } });
    expect([range.status, await range.text()]).toEqual([206, 'PDF']);
  });

  it('reads secret parameters, and removes them at the end', async () => {
    const locked = await encrypt(document, 'sesame');
    const answer = await merge([locked], { items: '[{"file":0,"password":"sesame"}]' });
    expect(answer.status).toBe(200);
    const id = answer.headers.get('x-job-id') ?? '';
    await eventually(async () => !(await keysOf(id)).join().includes('secret'), 'the secrets are removed');
  });

  it('does not redirect to a result that no longer exists', async () => {
    const id = (await merge([document], {})).headers.get('x-job-id') ?? '';
    await bucket.open(stack.folder).removeJob(id);
    expect((await askPlainly('GET', `${stack.url}/api/jobs/${id}/result`)).statusCode).toBe(410);
  });

  it('deletes what a client deletes', async () => {
    const id = (await merge([document])).headers.get('x-job-id') ?? '';
    expect((await fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await keysOf(id)).toEqual([]);
  });

  it('deletes the result when its retention ends', async () => {
    const id = (await merge([document], { retain: '1' })).headers.get('x-job-id') ?? '';
    await eventually(async () => (await keysOf(id)).length === 0, 'the files are deleted');
    expect((await fetch(`${stack.url}/api/jobs/${id}/result`)).status).toBe(410);
  });
});

describe('a storage that returns wrong bytes', () => {
  it.each([
    ['an input', '/0', '"0.pdf"'],
    ['the result', '/out.pdf', 'the result'],
  ])('fails the job if they are those of %s', async (_what, part, named) => {
    proxy.corrupts = ({ method, path }) => method === 'GET' && path.endsWith(part);
    const answer = await merge([large.subarray(0), document]);
    const problem = await json<Problem>(answer);
    expect([answer.status, problem.code]).toEqual([500, 'storage_corrupted']);
    expect(problem.detail).toContain(`wrong bytes for ${named}`);
    const id = answer.headers.get('x-job-id') ?? '';
    expect(await view(id)).toMatchObject({ status: 'failed', result: null, error: { code: 'storage_corrupted' } });
    expect((await keysOf(id)).filter((key) => key.startsWith('temp/'))).toEqual([]);
  });

  it.each([
    ['small', () => [document]],
    ['large', () => [large]],
  ])('never completes the answer with a %s result that was changed after the job', async (_size, files) => {
    const body = form(files().map((content) => ({ name: 'a.jpg', bytes: content })));
    const made = await fetch(`${stack.url}/api/merge-pdf`, { method: 'POST', body });
    const length = (await bytes(made)).length;
    const id = made.headers.get('x-job-id') ?? '';
    proxy.corrupts = ({ method, path }) => method === 'GET' && path.includes(id);
    const url = `${stack.url}/api/jobs/${id}/result`;
    const answer = await fetch(url, { headers: { 'Sec-Fetch-Mode': 'cors' } });
    if (length > 1_048_576) await expect(answer.arrayBuffer()).rejects.toThrow();
    else expect((await json<Problem>(answer)).code).toBe('storage_corrupted');
  });
});

describe('a storage that is down', () => {
  it('refuses uploads with 503 and loses no accepted job', async () => {
    const worker = stack.process('worker');
    worker.signal('SIGSTOP');
    const { id } = await json<Job>(await merge([document], { async: 'true' }));
    proxy.breaks = () => true;
    worker.signal('SIGCONT');
    await eventually(async () => (await fetch(`${stack.url}/health`)).status === 503, 'unhealthy');
    expect(await json(await fetch(`${stack.url}/readyz`))).toMatchObject({ storage: false, redis: true });
    const refused = await merge([document]);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await json<Problem>(refused)).code).toBe('storage_unavailable');
    const deferred = (): boolean => worker.output.includes('job deferred');
    await eventually(() => Promise.resolve(deferred()), 'the worker has deferred the job');
    const waiting = await view(id);
    expect(waiting).toMatchObject({ status: 'queued', attempts: 0, progress: { stage: 'waiting for the storage' } });
    proxy.breaks = () => false;
    expect(await ended(id)).toMatchObject({ status: 'succeeded' });
    for (const service of ['api', 'worker', 'scheduler']) expect(stack.process(service).output).not.toMatch(/\bSK\b/);
  });
});

describe('a worker that dies between publishing and ending a job', () => {
  it('leaves no object after the retention', async () => {
    await stack.process('worker').stop();
    const { id } = await json<Job>(await merge([document], { async: 'true', retain: '1' }));
    await stack.claim(id, 1);
    const job = await stack.store.get(id);
    const storage = bucket.open(stack.folder);
    if (!job) throw new Error('no job');
    const files = await storage.openRun(job, join(stack.folder, 'slots'), new AbortController().signal);
    await publish(files, document);
    await files.close();
    expect(await keysOf(id)).toEqual([`temp/${id}/1/out.pdf`, `uploads/${id}/0`]);
    await stack.startService('worker');
    await eventually(async () => (await keysOf(id)).includes(`temp/${id}/2/out.pdf`), 'the next run has published');
    await eventually(async () => (await keysOf(id)).length === 0, 'the sweep has deleted every object');
  });
});
