import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { newJobId } from '@pdf-tools/jobs/store';
import { S3Storage } from '@pdf-tools/runtime/s3/s3-storage';
import type { S3Settings } from '@pdf-tools/runtime/storage-config';
import { ENDPOINT, TestBucket } from './bucket.js';
import { bytesOf, describeStorage, LARGE_BYTES, publish, sha256, storeInput, storeJob } from './contract.js';
import { S3Proxy } from './s3-proxy.js';

const bucket = await TestBucket.create();
describeStorage('an object storage', (root) => Promise.resolve(bucket.open(root)));

const DAY_MS = 86_400_000;
const ongoing = new AbortController().signal;
let root: string;
let storage: S3Storage;
let proxy: S3Proxy;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'rgw-'));
  storage = bucket.open(root);
  storage.prepare();
  proxy = await S3Proxy.start();
});
afterAll(() => {
  proxy.close();
  rmSync(root, { recursive: true, force: true });
});

describe('an object that was changed in the storage', () => {
  const put = (Key: string, Body: Buffer, recorded = Body) =>
    bucket.client.send(
      new PutObjectCommand({ Bucket: bucket.name, Key, Body, Metadata: { sha256: sha256(recorded) } }),
    );

  it.each([
    ['one of the same size', Buffer.from('other bytes'), Buffer.from('the bytes..')],
    ['a shorter one', Buffer.from('the'), Buffer.from('the bytes..')],
    ['another with its own digest', Buffer.from('other bytes'), Buffer.from('other bytes')],
  ])('is refused as an input: %s', async (_what, changed, recorded) => {
    const run = await storeJob(storage, [Buffer.from('the bytes..')]);
    await put(`uploads/${run.id}/0`, changed, recorded);
    const opening = storage.openRun(run, storage.slots, ongoing);
    await expect(opening).rejects.toMatchObject({ code: 'storage_corrupted' });
    expect(readdirSync(storage.slots)).toEqual([]);
  });

  it('is refused as a report and as a secret', async () => {
    const run = await storeJob(storage, [Buffer.from('x')]);
    await storage.writeSecret(run.id, '["password"]');
    await put(`uploads/${run.id}/secret.json`, Buffer.from('["passwort"]'), Buffer.from('["password"]'));
    await expect(storage.readSecret(run.id)).rejects.toMatchObject({ code: 'storage_corrupted' });
    await put(`temp/${run.id}/1/report.json`, Buffer.from('{}'), Buffer.from('{"pages":1}'));
    await expect(storage.readReport(run.id, 1)).rejects.toMatchObject({ code: 'storage_corrupted' });
  });

  it.each([
    ['a small result', 5_000],
    ['a large result', 3_000_000],
  ])('ends no read of %s without an error', async (_what, length) => {
    const content = randomBytes(length);
    const id = newJobId();
    const changed = Buffer.from(content);
    changed[length - 1] = (content[length - 1] ?? 0) ^ 1;
    await put(`temp/${id}/1/out.pdf`, changed, content);
    const result = { fence: 1, bytes: length, sha256: sha256(content) };
    for (const range of [
      { start: 0, end: length - 1 },
      { start: 10, end: 20 },
    ])
      await expect(bytesOf(storage.readResult(id, result, range))).rejects.toMatchObject({ code: 'storage_corrupted' });
  });
});

describe('an upload in parts', () => {
  it('sends its parts over two connections', async () => {
    const through = bucket.open(root, proxy.url);
    const before = { connections: proxy.connections, requests: proxy.requests.length };
    await storeInput(through, newJobId(), 0, randomBytes(LARGE_BYTES));
    expect(proxy.requests.length - before.requests).toBe(5);
    expect(proxy.connections - before.connections).toBe(2);
  });

  it('is complete if a part is sent again', async () => {
    const through = bucket.open(root, proxy.url);
    let puts = 0;
    proxy.breaks = ({ method }) => method === 'PUT' && ++puts === 2;
    const content = randomBytes(LARGE_BYTES);
    const run = await storeJob(through, [content]);
    expect(puts).toBe(4);
    proxy.breaks = () => false;
    const files = await storage.openRun(run, storage.slots, ongoing);
    expect(readFileSync(files.inputs[0] ?? '').equals(content)).toBe(true);
    await files.close();
  });
});

describe('an unreliable connection to the storage', () => {
  it('is retried, and a repeated write of the same object succeeds', async () => {
    const through = bucket.open(root, proxy.url);
    let broken = 0;
    proxy.breaks = ({ method }) => method === 'PUT' && broken++ === 0;
    const content = randomBytes(5_000);
    const id = newJobId();
    await storeInput(through, id, 0, content);
    await storeInput(through, id, 0, content);
    expect(broken).toBeGreaterThan(1);
    expect(await storage.hasInputs(id, 1)).toBe(true);
  });

  it.each([
    ['a small file', 'PUT', 1, 5_000],
    ['a file in parts', 'POST', 2, LARGE_BYTES],
  ])('does not fail the upload of %s whose answer is lost', async (_what, method, last, length) => {
    const through = bucket.open(root, proxy.url);
    let sent = 0;
    proxy.losesAnswer = (request) => request.method === method && ++sent === last;
    proxy.forgets = (request) => request.method === 'POST' && sent === last;
    const id = newJobId();
    await storeInput(through, id, 0, randomBytes(length));
    proxy.losesAnswer = () => false;
    proxy.forgets = () => false;
    expect(sent).toBeGreaterThanOrEqual(last);
    expect(await storage.hasInputs(id, 1)).toBe(true);
  });

  it('fails an upload whose parts were removed meanwhile as unavailable', async () => {
    const through = bucket.open(root, proxy.url);
    let parts = 0;
    proxy.before = async ({ method }) => {
      if (method === 'PUT' && parts++ === 1) await storage.removeUnfinished(Date.now() + 60_000);
    };
    const storing = storeInput(through, newJobId(), 0, randomBytes(LARGE_BYTES));
    await expect(storing).rejects.toMatchObject({ code: 'storage_unavailable' });
    proxy.before = () => Promise.resolve();
    expect(parts).toBeGreaterThan(1);
  });

  it('fails an upload as unavailable, and leaves no part of it', async () => {
    const through = bucket.open(root, proxy.url);
    let parts = 0;
    proxy.breaks = ({ method }) => method === 'PUT' && parts++ > 0;
    const id = newJobId();
    const storing = storeInput(through, id, 0, randomBytes(LARGE_BYTES));
    await expect(storing).rejects.toMatchObject({ code: 'storage_unavailable', retryAfter: 5 });
    expect(parts).toBeGreaterThan(1);
    proxy.breaks = () => false;
    expect(await bucket.unfinished()).toEqual([]);
    expect(readdirSync(join(root, 'received'))).toEqual([]);
  });

  it('names no key in its error', async () => {
    const wrong = bucket.open(root, proxy.url);
    proxy.breaks = () => true;
    const error: unknown = await wrong.check().catch((thrown: unknown) => thrown);
    const texts: string[] = [];
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      texts.push(JSON.stringify(cause), cause.message);
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.join()).not.toMatch(/\bAK\b|\bSK\b|Signature/);
    proxy.breaks = () => false;
  });
});

describe('the check of the bucket', () => {
  const causeOf = async (settings: Partial<S3Settings>): Promise<unknown> => {
    const error: unknown = await S3Storage.open({ ...bucket.settings, ...settings }, root)
      .check()
      .catch((thrown: unknown) => thrown);
    return error instanceof Error ? error.cause : undefined;
  };

  it.each([
    [{ bucket: 'no-such-bucket' }, 'the bucket does not exist'],
    [{ secretAccessKey: 'wrong' }, 'the access key may not use the bucket'],
  ])('says what is wrong with %j', async (settings, message) => {
    expect(await causeOf(settings)).toMatchObject({ message });
  });
});

describe('a publish to a storage that returns wrong bytes', () => {
  it('is refused, and its result is removed', async () => {
    const run = await storeJob(storage, [Buffer.from('x')]);
    const through = bucket.open(root, proxy.url);
    const files = await through.openRun(run, through.slots, ongoing);
    proxy.corrupts = ({ method, path }) => method === 'GET' && path.endsWith('/out.pdf');
    await expect(publish(files, randomBytes(LARGE_BYTES))).rejects.toMatchObject({ code: 'storage_corrupted' });
    await files.discard();
    await files.close();
    proxy.corrupts = () => false;
    expect(await storage.hasResult(run.id, 1)).toBe(false);
  });
});

describe('retention in the storage', () => {
  const rules = async () =>
    (await bucket.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket.name }))).Rules ?? [];

  it('removes uploads that did not end, but not those in progress', async () => {
    const Key = `uploads/${newJobId()}/0`;
    await bucket.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key }));
    expect(await storage.removeUnfinished(Date.now() - 60_000)).toBe(0);
    expect(await bucket.unfinished()).toEqual([Key]);
    expect(await storage.removeUnfinished(Date.now() + 60_000)).toBe(1);
    expect(await bucket.unfinished()).toEqual([]);
  });

  it('is a rule of the bucket too, which keeps the rules of others', async () => {
    const other = { ID: 'other', Status: 'Enabled', Filter: { Prefix: 'other/' }, Expiration: { Days: 9 } } as const;
    const LifecycleConfiguration = { Rules: [other] };
    await bucket.client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: bucket.name, LifecycleConfiguration }),
    );
    expect(await storage.limitAge(1.5 * DAY_MS)).toBe(true);
    expect(await storage.limitAge(1.5 * DAY_MS)).toBe(false);
    const found = (await rules()).map(({ ID, Expiration }) => [ID, Expiration?.Days]);
    expect(Object.fromEntries(found)).toEqual({ other: 9, 'pdf-tools-uploads': 3, 'pdf-tools-temp': 3 });
    expect(await storage.limitAge(4 * DAY_MS)).toBe(true);
    expect((await rules()).find(({ ID }) => ID === 'pdf-tools-temp')).toMatchObject({
      Expiration: { Days: 5 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    });
  });
});

describe('a URL for clients', () => {
  it('exists only if clients reach the storage, and returns the result with its headers', async () => {
    const run = await storeJob(storage, [Buffer.from('x')]);
    const files = await storage.openRun(run, storage.slots, ongoing);
    await publish(files, Buffer.from('%PDF-1.7'));
    await files.close();
    const headers = { contentType: 'application/pdf', contentDisposition: 'attachment; filename="a b.pdf"' };
    expect(await storage.resultUrl(run.id, 1, headers)).toBeUndefined();
    const url = await bucket.open(root, 'http://127.0.0.1:1', ENDPOINT).resultUrl(run.id, 1, headers);
    const answer = await fetch(url ?? '');
    expect([answer.status, await answer.text()]).toEqual([200, '%PDF-1.7']);
    expect(answer.headers.get('content-disposition')).toBe(headers.contentDisposition);
    expect((await fetch((url ?? '').replace(/Signature=..../, 'Signature=0000'))).status).toBe(403);
  });
});
