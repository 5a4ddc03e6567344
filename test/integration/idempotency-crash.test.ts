import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytes, form } from '@pdf-tools/harness/http';
import type { FormFile } from '@pdf-tools/harness/http';
import { accepted, isReplayed, postKeyed } from '@pdf-tools/harness/keyed-calls';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
let photo: FormFile;

beforeAll(async () => {
  photo = { name: 'a.jpg', bytes: await jpeg() };
  stack = await TestStack.start(['api']);
});
afterAll(() => stack.stop());

/** Sends a request that waits for its result. */
function post(key: string): Promise<Response> {
  return postKeyed(stack.url, key, { files: [photo], headers: {} });
}

/** Returns the id of the only job. */
function onlyJob(): Promise<string> {
  return eventually(async () => (await stack.redis.zRange('pdf:queued', 0, -1))[0], 'accepted');
}

async function forget(id: string): Promise<void> {
  await stack.store.remove(id);
  await stack.storage.removeJob(id);
}

/** Sends a request in two halves, and calls `pause` between them. */
async function postInHalves(key: string, pause: () => Promise<void>): Promise<IncomingMessage> {
  const whole = new Response(form([photo]));
  const headers = { 'Content-Type': whole.headers.get('content-type') ?? '', 'Idempotency-Key': key };
  const body = await bytes(whole);
  const call = request(`${stack.url}/api/image-to-pdf`, {
    method: 'POST',
    headers: { ...headers, 'Content-Length': body.length },
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve);
    call.once('error', reject);
  });
  call.write(body.subarray(0, body.length / 2));
  await pause();
  call.end(body.subarray(body.length / 2));
  return answer;
}

describe('a request repeated with its Idempotency-Key', () => {
  it('finds the job that was accepted although Redis did not answer in time', async () => {
    const redis = stack.process('redis');
    // Now Redis has the script loaded, so that a stopped Redis receives all it needs.
    await forget((await accepted(await postKeyed(stack.url, 'before', { files: [photo] }))).id);
    const answer = await postInHalves('unanswered', async () => {
      await eventually(async () => (await stack.filesOf()).length === 1, 'upload begun');
      redis.signal('SIGSTOP');
    });
    answer.resume();
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await stack.filesOf()).toHaveLength(1);
    redis.signal('SIGCONT');

    const id = await onlyJob();
    const repeated = await postKeyed(stack.url, 'unanswered', { files: [photo] });
    expect(await accepted(repeated)).toEqual({ id, replayed: true });
    const files = await stack.filesOf();
    expect(files).toHaveLength(1);
    expect(files[0]).toContain(id);
    await forget(id);
  });

  it('waits for the running job after a crash of the api, and both uploads are accounted for', async () => {
    const broken = post('crash').then(
      () => 'answered',
      () => 'broken',
    );
    const id = await onlyJob();
    await stack.process('api').crash();
    expect(await broken).toBe('broken');
    await stack.startService('api');

    const repeated = post('crash');
    // It waits for an active job that another process accepted.
    await sleep(200);
    await stack.startService('worker');
    const answer = await repeated;
    expect([answer.status, answer.headers.get('x-job-id'), isReplayed(answer)]).toEqual([200, id, true]);
    expect((await bytes(answer)).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await stack.store.get(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
    await eventually(async () => (await stack.filesOf()).every((path) => path.endsWith('out.pdf')), 'uploads gone');
  });

  it('gets the same bytes for several requests at once, and again after the job has ended', async () => {
    const first = await Promise.all(Array.from({ length: 10 }, () => post('at once')));
    const answers = [...first, await post('at once')];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ headers }) => headers.get('x-job-id'))).size).toBe(1);
    expect(answers.map(isReplayed).filter((replayed) => !replayed)).toHaveLength(1);
    const results = await Promise.all(answers.map(bytes));
    for (const result of results) expect(result.equals(results[0] ?? Buffer.alloc(0))).toBe(true);
    await eventually(async () => (await stack.filesOf()).every((path) => path.endsWith('out.pdf')), 'uploads gone');
  });

  it('creates a new job after the result of a read-once job was read', async () => {
    const read = () => postKeyed(stack.url, 'once', { files: [photo], fields: { retain: '0' }, headers: {} });
    const first = await read();
    await bytes(first);
    const id = first.headers.get('x-job-id') ?? '';
    await eventually(async () => (await stack.store.get(id)) === undefined, 'deleted');
    const second = await read();
    expect([second.status, isReplayed(second)]).toEqual([200, false]);
    expect(second.headers.get('x-job-id')).not.toBe(id);
    await bytes(second);
  });
});
