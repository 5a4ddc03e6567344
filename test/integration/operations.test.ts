import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encrypt } from '@pdf-tools/harness/documents/documents';
import { shortId } from '@pdf-tools/runtime/logger';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { bytes, form, json } from '@pdf-tools/harness/http';
import type { FormFile, Job, Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, pdf, png, scan } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const RESULT_SNIPPET = new URL('../../../nginx/snippets/results.conf', import.meta.url);
const ORIGIN = 'http://app.example';
/** Headers that survive a redirect to nginx's internal location, and those that each server sets. */
const BY_NGINX: ReadonlySet<string> = new Set([
  ...['content-type', 'content-disposition', 'cache-control', 'accept-ranges'],
  ...['content-length', 'date', 'connection', 'keep-alive', 'transfer-encoding'],
]);

let stack: TestStack;
let photo: Buffer;
let report: Buffer;

beforeAll(async () => {
  [photo, report] = await Promise.all([jpeg(), pdf(['one', 'two'])]);
  stack = await TestStack.start(['api', 'worker', 'scheduler'], { ALLOWED_ORIGINS: ORIGIN });
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
});
afterAll(() => stack.stop());

function post(path: string, files: readonly FormFile[], fields = {}, headers = {}): Promise<Response> {
  return fetch(`${stack.url}${path}`, { method: 'POST', body: form(files, fields), headers });
}

/** Returns the reasons with which the api logged the deletion of a job's files. */
function deletionsOf(id: string): Promise<unknown[]> {
  return eventually(() => {
    const lines = stack.process('api').lines.filter(({ message }) => message === 'files deleted');
    const reasons = lines.filter(({ job_id }) => job_id === shortId(id)).map(({ reason }) => reason);
    return Promise.resolve(reasons.length > 0 && reasons);
  }, 'deletion in the log');
}

describe('an operation of the api', () => {
  it('image-to-pdf returns one page per image', async () => {
    const files = [
      { name: 'a.jpg', bytes: photo },
      { name: 'b.png', bytes: await png() },
    ];
    const answer = await post('/api/image-to-pdf', files);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    const result = await bytes(answer);
    expect((await PDFDocument.load(result)).getPageCount()).toBe(2);
    expect(result.includes(photo.subarray(-5000))).toBe(true);
  });

  it('merge-pdf keeps the order and accepts images', async () => {
    const files = [
      { name: 'b.pdf', bytes: await pdf(['only']) },
      { name: 'photo.jpg', bytes: photo },
      { name: 'a.pdf', bytes: report },
    ];
    const merged = await PDFDocument.load(await bytes(await post('/api/merge-pdf', files)));
    expect(merged.getPages().map((page) => Math.round(page.getWidth()))).toEqual([595, 480, 595, 595]);
  });

  it('compress-pdf shrinks a scan, keeps its pages and reports the sizes', async () => {
    const input = await scan(2);
    const answer = await post('/api/compress-pdf', [{ name: 'scan.pdf', bytes: input, field: 'file' }], { dpi: '100' });
    const result = await bytes(answer);
    expect(result.length).toBeLessThan(input.length / 2);
    expect((await PDFDocument.load(result)).getPageCount()).toBe(2);
    expect(answer.headers.get('x-original-size')).toBe(String(input.length));
    expect(answer.headers.get('x-result-size')).toBe(String(result.length));
    expect(answer.headers.get('x-result')).toBe('compressed');
  });

  it('compress-pdf reports that it returned the file unchanged', async () => {
    const [file, fields] = [{ name: 'scan.pdf', bytes: await scan(1), field: 'file' }, { dry_run: 'true' }];
    const answer = await post('/api/compress-pdf', [file], fields);
    expect((await bytes(answer)).equals(file.bytes)).toBe(true);
    expect(answer.headers.get('x-result')).toBe('original');
    const { result } = await json<Job>(await fetch(`${stack.url}/api/jobs/${answer.headers.get('x-job-id') ?? ''}`));
    expect(result?.report).toMatchObject({ unchanged: true, reason: 'dry run' });
  });

  it('returns a result with only those headers that nginx sets too and browsers may read', async () => {
    const files = [{ name: 'scan.pdf', bytes: await scan(1), field: 'file' }];
    const { headers } = await post('/api/compress-pdf', files, {}, { Origin: ORIGIN });
    const snippet = await readFile(RESULT_SNIPPET, 'utf8');
    const setAgain = Array.from(snippet.matchAll(/^add_header (\S+) /gm), ([, name = '']) => name.toLowerCase());
    const missing = [...headers.keys()].filter((name) => !setAgain.includes(name) && !BY_NGINX.has(name));
    expect(missing).toEqual([]);
    const exposed = (headers.get('access-control-expose-headers') ?? '').toLowerCase().split(',');
    expect([...headers.keys()].filter((name) => name.startsWith('x-result') && !exposed.includes(name))).toEqual([]);
  });

  it('waits in the lane for the memory that its image needs, not for its bytes', async () => {
    const size = { width: 6_000, height: 5_000, channels: 4, background: '#12345680' } as const;
    const flat = await sharp({ create: size }).png().toBuffer();
    expect(flat.length).toBeLessThan(2 ** 20);
    const answer = await post('/api/image-to-pdf', [{ name: 'flat.png', bytes: flat }]);
    expect(answer.status).toBe(200);
    expect(await stack.store.get(answer.headers.get('x-job-id') ?? '')).toMatchObject({ lane: 'xlarge' });
  });

  it('runs in the background on request, and its result can be fetched until it is deleted', async () => {
    const accepted = await post(
      '/api/image-to-pdf',
      [{ name: 'a.jpg', bytes: photo }],
      {},
      { Prefer: 'respond-async' },
    );
    expect(accepted.status).toBe(202);
    const location = accepted.headers.get('location') ?? '';
    const { id } = await json<Job>(accepted);
    expect(location).toBe(`/api/jobs/${id}`);

    const job = await eventually(async () => {
      const now = await json<Job>(await fetch(stack.url + location));
      return now.status === 'succeeded' && now;
    }, 'job done');
    expect(job).toMatchObject({ attempts: 1, result: { url: `${location}/result`, pages: 1 }, error: null });

    const whole = await fetch(`${stack.url}${location}/result`);
    const etag = whole.headers.get('etag') ?? '';
    expect((await bytes(whole)).length).toBe(job.result?.bytes);
    const part = await fetch(`${stack.url}${location}/result`, { headers: { Range: 'bytes=0-4' } });
    expect([part.status, (await bytes(part)).toString()]).toEqual([206, '%PDF-']);
    const fresh = await fetch(`${stack.url}${location}/result`, { headers: { 'If-None-Match': etag } });
    expect(fresh.status).toBe(304);

    expect((await fetch(stack.url + location, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(stack.url + location)).status).toBe(404);
    expect(await stack.filesOf(id)).toEqual([]);
    expect((await fetch(stack.url + location, { method: 'DELETE' })).status).toBe(204);
    expect(await deletionsOf(id)).toEqual(['deleted by client']);
  });

  it('returns 202 if it takes longer than the wait', async () => {
    const worker = stack.process('worker');
    worker.signal('SIGSTOP');
    try {
      const answer = await post('/api/image-to-pdf', [{ name: 'a.jpg', bytes: photo }], {}, { Prefer: 'wait=1' });
      expect(answer.status).toBe(202);
      expect(await json<Job>(answer)).toMatchObject({ status: 'queued' });
      const { id } = await json<Job>(await fetch(stack.url + (answer.headers.get('location') ?? '')));
      expect((await fetch(`${stack.url}/api/jobs/${id}/result`)).status).toBe(409);
      expect((await fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
      expect(await json<Job>(await fetch(`${stack.url}/api/jobs/${id}`))).toMatchObject({ status: 'cancelled' });
      expect(await stack.filesOf(id)).toEqual([]);
    } finally {
      worker.signal('SIGCONT');
    }
  });

  it('with retain=0 leaves nothing after its result was read', async () => {
    const answer = await post('/api/image-to-pdf?retain=0', [{ name: 'a.jpg', bytes: photo }]);
    const id = answer.headers.get('x-job-id') ?? '';
    expect((await bytes(answer)).length).toBeGreaterThan(photo.length);
    await eventually(async () => (await stack.filesOf(id)).length === 0, 'files gone');
    expect((await fetch(`${stack.url}/api/jobs/${id}`)).status).toBe(404);
    expect(await deletionsOf(id)).toEqual(['read once']);
  });
});

describe('an invalid request', () => {
  const zip = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500)]);
  const file = (name: string, content: Uint8Array): FormFile => ({ name, bytes: content, field: 'file' });

  it.each<[string, string, () => FormFile[], Record<string, string>, number, string]>([
    ['no files', '/api/merge-pdf', () => [], { note: 'x' }, 400, 'no_files'],
    ['the wrong field', '/api/merge-pdf', () => [file('a.pdf', report)], {}, 400, 'unexpected_field'],
    ['dpi=0', '/api/compress-pdf', () => [file('a.pdf', report)], { dpi: '0' }, 400, 'invalid_params'],
    [
      'image_quality=500',
      '/api/compress-pdf',
      () => [file('a.pdf', report)],
      { image_quality: '500' },
      400,
      'invalid_params',
    ],
    [
      'color_mode=plaid',
      '/api/compress-pdf',
      () => [file('a.pdf', report)],
      { color_mode: 'plaid' },
      400,
      'invalid_params',
    ],
    ['an empty file', '/api/merge-pdf', () => [{ name: 'a.pdf', bytes: Buffer.alloc(0) }], {}, 400, 'empty_file'],
    ['a zip named .pdf', '/api/merge-pdf', () => [{ name: 'a.pdf', bytes: zip }], {}, 415, 'unsupported_format'],
    [
      'a truncated JPEG',
      '/api/image-to-pdf',
      () => [{ name: 'a.jpg', bytes: photo.subarray(0, 9000) }],
      {},
      422,
      'corrupt_image',
    ],
    [
      '50.5 MiB',
      '/api/merge-pdf',
      () => [{ name: 'a.pdf', bytes: padded(50.5 * 2 ** 20) }],
      {},
      413,
      'upload_too_large',
    ],
  ])('with %s gets the status and code for it', async (_what, path, files, fields, status, code) => {
    const answer = await post(path, files(), fields);
    const problem = await json<Problem>(answer);
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(problem).toMatchObject({ status, request_id: answer.headers.get('x-request-id') });
    const next = await post('/api/image-to-pdf?retain=0', [{ name: 'a.jpg', bytes: photo }]);
    expect((await bytes(next)).length).toBeGreaterThan(0);
  });

  it('names the invalid file by its position and name, and the invalid parameter with its valid values', async () => {
    const files = [
      { name: 'good.jpg', bytes: photo },
      { name: '../../bad.jpg', bytes: photo.subarray(0, 9000) },
    ];
    const { errors } = await json<Problem>(await post('/api/image-to-pdf', files));
    expect(errors).toMatchObject([{ index: 1, file: 'bad.jpg' }]);
    const plaid = await post('/api/compress-pdf', [file('a.pdf', report)], { color_mode: 'plaid' });
    const { errors: params } = await json<Problem>(plaid);
    expect(params).toMatchObject([{ param: 'color_mode' }]);
    expect(params[0]?.message).toContain('grayscale');
  });

  it('with an encrypted PDF reports that a password is needed', async () => {
    const answer = await post('/api/merge-pdf', [{ name: 'a.pdf', bytes: await encrypt(report, 'open sesame') }]);
    expect(await json<Problem>(answer)).toMatchObject({
      status: 422,
      code: 'password_required',
      errors: [{ index: 0 }],
    });
  });

  it('for an unknown job gets a 404 for any form of id', async () => {
    for (const id of ['0'.repeat(40), 'nonsense', '%00', '..%2f..%2fetc%2fpasswd'])
      expect((await fetch(`${stack.url}/api/jobs/${id}`)).status).toBe(404);
  });

  it('leaves no file behind', async () => {
    // The worker deletes a job's inputs after reporting its end.
    await eventually(
      async () => (await stack.filesOf()).every((path) => !path.includes('uploads')),
      'no inputs of ended jobs',
    );
  });
});

/** Returns a PDF with `size` bytes after its header. */
function padded(size: number): Buffer {
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(size, 0x20)]);
}
