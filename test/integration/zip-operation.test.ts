import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from '@pdf-tools/api/app';
import { apiConfig } from '@pdf-tools/api/config';
import { ApiKeys } from '@pdf-tools/api/http/api-keys';
import { Health } from '@pdf-tools/api/health';
import { Lifecycle } from '@pdf-tools/api/lifecycle';
import { createApiMetrics } from '@pdf-tools/api/metrics';
import { ApiServer } from '@pdf-tools/api/server';
import { bytes, form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { pdf } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { JobEvents } from '@pdf-tools/jobs/events';
import { defineOperation } from '@pdf-tools/operations/operation';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import type { ResultFormat } from '@pdf-tools/operations/result-format';
import { readConfig } from '@pdf-tools/runtime/config';
import { createLogger } from '@pdf-tools/runtime/logger';
import { connectRedis, createRedis } from '@pdf-tools/runtime/redis';
import { startTracing } from '@pdf-tools/runtime/tracing';
import { checkOutput } from '@pdf-tools/worker/output';
import { z } from 'zod';

const EMPTY_ZIP = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
const SHA256 = '0'.repeat(64);

const ZIP: ResultFormat = {
  label: 'ZIP',
  mediaType: 'application/zip',
  extension: 'zip',
  isComplete: (head, tail) => head.startsWith('PK') && tail.includes('PK\x05\x06'),
};

/** An operation as its author would register it: one folder, one line in the registry. */
const splitPdf = defineOperation({
  title: 'Split a PDF',
  summary: 'Returns a file per page.',
  accepts: { field: 'file', formats: ['pdf'], maxFiles: 1 },
  params: z.object({}),
  result: { format: ZIP, name: 'pages', report: z.object({}) },
  fileErrors: ['corrupt_pdf'],
  reportsSizes: false,
  load: () =>
    Promise.resolve(async ({ outputPath }) => {
      await writeFile(outputPath, EMPTY_ZIP);
      return { report: {} };
    }),
});

let stack: TestStack;
let server: ApiServer;
let url: string;
let close: () => Promise<unknown>;

beforeAll(async () => {
  stack = await TestStack.start([]);
  const config = readConfig(apiConfig, { ...stack.server.environmentOf('api'), DATA_DIR: stack.folder });
  const log = createLogger({ service: 'api', level: 'error' });
  const settings = stack.server.settingsOf('api');
  const [redis, subscriber] = [createRedis(settings, log), createRedis(settings, log)];
  await Promise.all([connectRedis(redis), connectRedis(subscriber)]);
  const events = new JobEvents(subscriber, log);
  await events.start();
  const { store, storage } = stack;
  const lifecycle = new Lifecycle();
  const health = new Health({ store, storage, dataDir: stack.folder, reserveBytes: 1, log });
  const app = createApp({
    ...{ config, log, redis, store, events, storage, health, lifecycle },
    operations: { ...OPERATIONS, 'split-pdf': splitPdf },
    apiKeys: new ApiKeys([]),
    metrics: createApiMetrics(config),
    tracing: await startTracing('api', config),
  });
  server = new ApiServer({ probes: () => false, app: app.handler, lifecycle });
  url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  close = () => Promise.all([server.close(), redis.close(), subscriber.close()]);
});
afterAll(async () => {
  await close();
  await stack.stop();
});

/** Runs a queued job as the worker does, and returns the error of its check of the output. */
async function work(id: string): Promise<void> {
  const { store, storage } = stack;
  await stack.claim(id);
  storage.createRunFolder(id, 1);
  const outputPath = storage.partialPath(id, 1);
  const context = {
    inputs: [],
    workDir: '',
    outputPath,
    signal: AbortSignal.timeout(60_000),
    progress: () => undefined,
    repair: () => Promise.resolve(undefined),
  };
  const { report } = await splitPdf.run(context, {});
  await storage.publish(id, 1, (file) => {
    checkOutput(file, EMPTY_ZIP.length, splitPdf.result.format);
  });
  const { mediaType: media_type } = splitPdf.result.format;
  await store.succeed(id, 1, { fence: 1, bytes: EMPTY_ZIP.length, media_type, sha256: SHA256, report: { ...report } });
}

async function post(fields: Readonly<Record<string, string>> = {}): Promise<Job> {
  const body = form([{ name: 'a.pdf', bytes: await pdf(['one']), field: 'file' }], fields);
  const answer = await fetch(`${url}/api/split-pdf?async=true`, { method: 'POST', body });
  expect(answer.status).toBe(202);
  return json<Job>(answer);
}

/** The parts of an OpenAPI document that the test reads. */
interface Description {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, { readonly content: object }> }>>;
}

describe('an operation that answers a ZIP', () => {
  it('delivers it with its own media type and file name', async () => {
    const { id } = await post();
    await work(id);
    const job = await json<Job>(await fetch(`${url}/api/jobs/${id}`));
    expect(job.result).toMatchObject({ media_type: 'application/zip', bytes: EMPTY_ZIP.length });
    expect(job.result).not.toHaveProperty('pages');
    const answer = await fetch(`${url}/api/jobs/${id}/result`);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="pages.zip"');
    expect((await bytes(answer)).equals(EMPTY_ZIP)).toBe(true);
  });

  it('gives the name that the client asks for the extension of a ZIP', async () => {
    const { id } = await post({ output_name: 'chapters' });
    await work(id);
    const { headers } = await fetch(`${url}/api/jobs/${id}/result`);
    expect(headers.get('content-disposition')).toBe('attachment; filename="chapters.zip"');
  });

  it('is described as such by OpenAPI and the page for people', async () => {
    const document = await json<Description>(await fetch(`${url}/openapi.json`));
    const contents = (path: string, method: string) => document.paths[path]?.[method]?.responses[200]?.content;
    expect(Object.keys(contents('/api/split-pdf', 'post') ?? {})).toEqual(['application/zip']);
    expect(Object.keys(contents('/api/merge-pdf', 'post') ?? {})).toEqual(['application/pdf']);
    const result = Object.keys(contents('/api/jobs/{id}/result', 'get') ?? {});
    expect(result.sort()).toEqual(['application/pdf', 'application/zip']);
    expect(await (await fetch(`${url}/docs`)).text()).toContain('-o pages.zip');
  });

  it('is refused by the worker if it wrote something else', async () => {
    const path = `${stack.folder}/not-a-zip`;
    await writeFile(path, '%PDF-1.7\n%%EOF');
    const file = openSync(path, 'r');
    expect(() => {
      checkOutput(file, 14, ZIP);
    }).toThrow('did not write a complete ZIP');
    closeSync(file);
  });
});

it('delivers the result of a job whose record has no media type as a PDF', async () => {
  const { id } = await post();
  await stack.claim(id);
  stack.storage.createRunFolder(id, 1);
  await writeFile(stack.storage.resultPath(id, 1), '%PDF-1.7');
  await stack.store.succeed(id, 1, { fence: 1, bytes: 8, pages: 1, sha256: SHA256, report: {} });
  const answer = await fetch(`${url}/api/jobs/${id}/result`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
});
