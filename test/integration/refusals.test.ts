import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SHUTTING_DOWN } from '@pdf-tools/api/server';
import { encrypt } from '@pdf-tools/harness/documents/documents';
import { form, json } from '@pdf-tools/harness/http';
import type { Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { storageCorrupted } from '@pdf-tools/runtime/storage-errors';
import {
  KEY,
  MAX_UPLOAD_BYTES,
  adminUrl,
  brokenResult,
  callsWithoutEnd,
  compress,
  conflict,
  document,
  expired,
  failed,
  get,
  hugePng,
  limited,
  manyPages,
  merge,
  ofNginx,
  open,
  photo,
  post,
  queued,
  resultOf,
  signedPdf,
  start,
  stop,
  timedOut,
  tooManyStreams,
  unreachableStorage,
} from './provocations.js';

beforeAll(start);
afterAll(stop);

/** How to get each code, the thing that its detail names, and its remedy. */
interface Refusal {
  readonly provoke: () => Promise<Problem>;
  readonly thing: RegExp;
  readonly remedy: RegExp;
}

const REFUSALS: Readonly<Record<ErrorCode, Refusal>> = {
  bad_multipart: {
    provoke: () => get('/api/merge-pdf', { 'Content-Type': 'text/plain' }, 'POST'),
    thing: /Content-Type must be multipart\/form-data/,
    remedy: /Send the file in the field "files"/,
  },
  bad_request: {
    provoke: () => post('merge-pdf', [], {}, { 'Idempotency-Key': 'k'.repeat(256) }),
    thing: /Idempotency-Key must have 1 to 255/,
    remedy: /Send another key/,
  },
  no_files: { provoke: () => post('merge-pdf', [], { toc: 'true' }), thing: /"files"/, remedy: /Send at least one/ },
  too_many_files: {
    provoke: () =>
      post('compress-pdf', [
        { name: 'a.pdf', bytes: document, field: 'file' },
        { name: 'b.pdf', bytes: document, field: 'file' },
      ]),
    thing: /one file per request/,
    remedy: /Send several files in "files"/,
  },
  unexpected_field: {
    provoke: () => post('merge-pdf', [{ name: 'a.pdf', bytes: document, field: 'file' }]),
    thing: /the field "file"/,
    remedy: /Send them in "files"/,
  },
  empty_file: { provoke: () => merge(Buffer.alloc(0)), thing: /"a.pdf" is empty/, remedy: /send it again/ },
  invalid_params: {
    provoke: () => compress(document, { dpi: '0' }),
    thing: /dpi must be/,
    remedy: /a whole number from 36 to 1200/,
  },
  unauthorized: {
    provoke: async () => json<Problem>(await fetch(`${limited.url}/api/limits`)),
    thing: /API key is required/,
    remedy: /Send "Authorization: Bearer KEY"/,
  },
  forbidden: {
    provoke: async () => json<Problem>(await fetch(`${adminUrl}/admin/api/jobs`, { headers: KEY })),
    thing: /This API key/,
    remedy: /Send the admin key/,
  },
  not_found: { provoke: () => get('/nothing'), thing: /This address/, remedy: /See \/docs/ },
  job_not_found: { provoke: () => get(`/api/jobs/${'0'.repeat(40)}`), thing: /this id/, remedy: /Check the id/ },
  method_not_allowed: { provoke: () => get('/api/merge-pdf'), thing: /GET is not/, remedy: /Use POST.*\/docs/ },
  request_timeout: { provoke: () => timedOut, thing: /The request did not arrive/, remedy: /Send it again/ },
  job_unfinished: { provoke: async () => resultOf(await queued()), thing: /still queued/, remedy: /Ask again in 1 s/ },
  job_cancelled: {
    provoke: async () => {
      const id = await queued();
      await fetch(`${limited.url}/api/jobs/${id}`, { method: 'DELETE', headers: KEY });
      return resultOf(id);
    },
    thing: /job was cancelled/,
    remedy: /Send the files again/,
  },
  idempotency_conflict: { provoke: conflict, thing: /This Idempotency-Key/, remedy: /Send another key/ },
  expired: { provoke: expired, thing: /files of this job/, remedy: /Send the files again/ },
  upload_too_large: {
    provoke: () => merge(Buffer.concat([document, Buffer.alloc(MAX_UPLOAD_BYTES)])),
    thing: /limited to 400000 bytes/,
    remedy: /Send fewer or smaller files/,
  },
  too_many_pixels: {
    provoke: () => post('image-to-pdf', [{ name: 'a.png', bytes: hugePng() }]),
    thing: /"a.png" .*pixels/,
    remedy: /Reduce its size/,
  },
  too_many_pages: { provoke: manyPages, thing: /"a.pdf" .*10000 pages/, remedy: /Split it/ },
  unsupported_format: {
    provoke: () => compress(Buffer.from('PK\x03\x04 and more')),
    thing: /"a.pdf" .*found: a ZIP archive.*accepted: PDF/,
    remedy: /Convert it/,
  },
  range_not_satisfiable: {
    provoke: async () => {
      const file = { name: 'a.jpg', bytes: photo };
      const answer = await fetch(`${open.url}/api/image-to-pdf`, { method: 'POST', body: form([file]) });
      const id = answer.headers.get('x-job-id') ?? '';
      return get(`/api/jobs/${id}/result`, { Range: 'bytes=99999999-' });
    },
    thing: /The result has \d+ bytes/,
    remedy: /Send a Range within bytes=0-\d+/,
  },
  corrupt_pdf: {
    provoke: () => merge(Buffer.from('%PDF-1.7 and no more')),
    thing: /"a.pdf"/,
    remedy: /Save it again with another program/,
  },
  corrupt_image: {
    provoke: () => post('image-to-pdf', [{ name: 'a.jpg', bytes: photo.subarray(0, 5_000) }]),
    thing: /"a.jpg"/,
    remedy: /Save it again with another program/,
  },
  password_required: {
    provoke: async () => compress(await encrypt(document, 'open sesame')),
    thing: /"a.pdf" .*password/,
    remedy: /Give its password in "password"/,
  },
  password_wrong: {
    provoke: async () => compress(await encrypt(document, 'open sesame'), { password: 'wrong' }),
    thing: /"a.pdf" .*password/,
    remedy: /Correct "password"/,
  },
  invalid_range: {
    provoke: () => merge(document, { items: '[{"file":0,"pages":"9"}]' }),
    thing: /"a.pdf" has 1 page/,
    remedy: /Correct "pages"/,
  },
  signed_pdf: {
    provoke: () => compress(signedPdf(), { output_password: 'secret' }),
    thing: /"a.pdf" is signed/,
    remedy: /Send it without "output_password"/,
  },
  internal_error: { provoke: brokenResult, thing: /The service failed/, remedy: /Send the request again.*request_id/ },
  worker_crashed: {
    provoke: () => failed('worker_crashed', 'The process that ran the job crashed.'),
    thing: /crashed/,
    remedy: /Send the request again/,
  },
  storage_corrupted: {
    provoke: () => failed('storage_corrupted', storageCorrupted('"a.jpg"').detail),
    thing: /wrong bytes for "a.jpg"/,
    remedy: /Send the request again/,
  },
  out_of_memory: {
    provoke: () => failed('out_of_memory', 'The job needed more memory than its limit.'),
    thing: /memory/,
    remedy: /Send fewer or smaller files/,
  },
  time_limit: {
    provoke: () => failed('time_limit', 'The job took longer than its time limit.'),
    thing: /time limit/,
    remedy: /Send fewer or smaller files/,
  },
  queue_full: {
    provoke: async () => {
      for (let job = 0; job < 3; job++) await queued();
      const body = form([{ name: 'a.jpg', bytes: photo }]);
      const init = { method: 'POST', body, headers: KEY };
      return json<Problem>(await fetch(`${limited.url}/api/image-to-pdf`, init));
    },
    thing: /limit of one client is 3 unfinished jobs/,
    remedy: /cancel some with DELETE/,
  },
  rate_limited: { provoke: callsWithoutEnd, thing: /40 requests in 2 s/, remedy: /Try again in 2 s/ },
  bad_gateway: { provoke: () => ofNginx('bad_gateway'), thing: /The service/, remedy: /Send the request again/ },
  overloaded: { provoke: tooManyStreams, thing: /200 event streams/, remedy: /Try again in 5 s/ },
  shutting_down: {
    provoke: () => Promise.resolve({ ...SHUTTING_DOWN, errors: [], status: 503, request_id: '' }),
    thing: /This process is shutting down/,
    remedy: /Send the request again in 1 s/,
  },
  disk_full: {
    provoke: async () => {
      await open.process('api').stop();
      await open.startService('api', [], { DISK_RESERVE_BYTES: String(Number.MAX_SAFE_INTEGER) });
      return merge(document);
    },
    thing: /The disk has no room/,
    remedy: /Try again in 60 s/,
  },
  storage_unavailable: {
    provoke: async () => {
      await open.process('api').stop();
      await open.startService('api', [], await unreachableStorage());
      return merge(document);
    },
    thing: /The file storage is unavailable/,
    remedy: /Try again in 5 s/,
  },
  redis_unavailable: {
    provoke: async () => {
      await limited.process('redis').stop();
      return eventually(async () => {
        const problem = await resultOf('0'.repeat(40));
        return problem.code === 'redis_unavailable' && problem;
      }, 'Redis is missed');
    },
    thing: /The job store is unavailable/,
    remedy: /Try again in 2 s/,
  },
};

describe('the refusal', () => {
  it('is tested for every code', () => {
    expect(Object.keys(REFUSALS).sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  it.each(Object.entries(REFUSALS))('%s names the thing and the remedy', async (code, { provoke, thing, remedy }) => {
    const problem = await provoke();
    expect(problem).toMatchObject({ code, detail: expect.stringMatching(thing) });
    expect(problem.detail).toMatch(remedy);
    expect(problem.detail).toMatch(/^[A-Z"a-z].*\.$/);
    expect(problem.detail).not.toMatch(/invalid input|undefined|expected|\/tmp\//i);
    for (const { file, param, limit, message } of problem.errors) {
      expect(message).not.toBe('');
      expect(file ?? param ?? limit).toBeDefined();
    }
  });
});
