import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { shortId } from '@pdf-tools/runtime/logger';
import { WebhookOutbox } from '@pdf-tools/jobs/webhook-outbox';
import { form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { Receiver, isSignedWith } from '@pdf-tools/harness/receiver';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

/** A run of the scheduler takes seconds on a busy machine. */
const SOON_MS = 10_000;
const SECRET = `whsec_${Buffer.alloc(32, 42).toString('base64')}`;

let stack: TestStack;
let receiver: Receiver;
let outbox: WebhookOutbox;
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg();
  receiver = await Receiver.start();
  stack = await TestStack.start(['api', 'worker', 'scheduler'], {
    WEBHOOK_SECRET: SECRET,
    WEBHOOK_ALLOW_HTTP: 'on',
    WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}`,
    SWEEP_INTERVAL_SECONDS: '1',
  });
  outbox = new WebhookOutbox(stack.redis);
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
});
afterAll(async () => {
  receiver.stop();
  await stack.stop();
});

function call(fields: Record<string, string>, file = photo): Promise<Response> {
  return fetch(`${stack.url}/api/image-to-pdf`, {
    method: 'POST',
    body: form([{ name: 'a.jpg', bytes: file }], fields),
  });
}

async function send(callback_url: string, fields: Record<string, string> = {}, file = photo): Promise<string> {
  const response = await call({ callback_url, async: 'true', ...fields }, file);
  expect(response.status).toBe(202);
  return (await json<Job>(response)).id;
}

async function jobAt(id: string): Promise<Job> {
  return json<Job>(await fetch(`${stack.url}/api/jobs/${id}`));
}

function arrived(path: string, count = 1) {
  const enough = () => Promise.resolve(receiver.at(path).length >= count && receiver.at(path));
  return eventually(enough, `${count} at ${path}`);
}

/** Whether the scheduler has logged `message` about the job. */
function logged(message: string, id: string): boolean {
  return stack.process('scheduler').lines.some((line) => line.message === message && line.job_id === shortId(id));
}

const nonePending = () => eventually(async () => (await outbox.size()) === 0, 'no webhook is pending');

describe('a webhook', () => {
  it('posts a finished job once, signed, with the body of GET /api/jobs/{id}', async () => {
    const id = await send(receiver.answer('/ok'));
    const [webhook] = await arrived('/ok');
    if (!webhook) throw new Error('none');
    expect(isSignedWith(SECRET, webhook)).toBe(true);
    expect(isSignedWith(`whsec_${Buffer.alloc(32).toString('base64')}`, webhook)).toBe(false);
    expect(webhook.headers).toMatchObject({ 'content-type': 'application/json', host: `127.0.0.1:${receiver.port}` });
    const job = (await jobAt(id)) as Job & { finished_at: string };
    expect(JSON.parse(webhook.body)).toEqual({ type: 'job.finished', timestamp: job.finished_at, data: job });
    expect(webhook.at - Date.parse(job.finished_at)).toBeLessThan(SOON_MS);
    expect(String(webhook.headers['webhook-id'])).toMatch(new RegExp(`^${id}-\\d+$`));
    await nonePending();
    await sleep(1_500);
    expect(receiver.at('/ok')).toHaveLength(1);
    expect(await stack.redis.exists(`pdf:webhook:${id}`)).toBe(0);
    expect(JSON.stringify(job)).not.toContain('/ok');
  });

  it('posts failed and cancelled jobs too', async () => {
    await send(receiver.answer('/failed'), {}, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0, 1]));
    const [failed] = await arrived('/failed');
    expect(JSON.parse(failed?.body ?? '')).toMatchObject({
      data: { status: 'failed', error: { code: 'corrupt_image' } },
    });
    stack.process('worker').signal('SIGSTOP');
    const id = await send(receiver.answer('/cancelled'));
    await fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE' });
    const [cancelled] = await arrived('/cancelled');
    stack.process('worker').signal('SIGCONT');
    expect(JSON.parse(cancelled?.body ?? '')).toMatchObject({ data: { id, status: 'cancelled', result: null } });
  });

  it('is retried with the same id and body after a failure, also after a crash of the scheduler', async () => {
    const id = await send(receiver.answer('/again', 500));
    await arrived('/again');
    // A scheduler that is killed before it records the failure is the subject of the next test.
    const recorded = () => Promise.resolve(logged('webhook failed', id));
    await eventually(recorded, 'the failure is recorded');
    await stack.process('scheduler').crash();
    await stack.startService('scheduler');
    const [first, second] = await arrived('/again', 2);
    if (!first || !second) throw new Error('missing');
    expect(second.at - first.at).toBeGreaterThanOrEqual(4_900);
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(isSignedWith(SECRET, second)).toBe(true);
    await nonePending();
  });

  it('is delivered by only one of two schedulers after its scheduler died during an attempt', async () => {
    const id = await send(receiver.answer('/hangs', 0));
    await arrived('/hangs');
    await stack.process('scheduler').crash();
    expect(await stack.redis.hGet(`pdf:webhook:${id}`, 'deliveries')).toBe('1');
    // Ends the lease, which takes a minute otherwise.
    await stack.redis.zAdd('pdf:webhooks', { score: 0, value: id });
    const other = await stack.startService('scheduler');
    const here = await stack.startService('scheduler');
    await arrived('/hangs', 2);
    await sleep(1_500);
    expect(receiver.at('/hangs')).toHaveLength(2);
    await other.stop();
    expect(here.output).not.toContain('"level":"error"');
  });

  it('is not retried after 410', async () => {
    const id = await send(receiver.answer('/gone', 410));
    await arrived('/gone');
    await nonePending();
    expect(await stack.redis.exists(`pdf:webhook:${id}`)).toBe(0);
  });

  it('is dropped with its deleted job, but not with a job that was read once or has expired', async () => {
    const deleted = await send(receiver.answer('/deleted', 500, 500));
    await arrived('/deleted');
    await fetch(`${stack.url}/api/jobs/${deleted}`, { method: 'DELETE' });
    await nonePending();

    const expired = await send(receiver.answer('/expired', 500), { retain: '1' });
    const read = await call({ callback_url: receiver.answer('/read', 500), retain: '0' });
    expect((await read.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    const [again] = await arrived('/expired', 2);
    expect((await fetch(`${stack.url}/api/jobs/${expired}`)).status).toBe(410);
    expect(await stack.filesOf(expired)).toEqual([]);
    expect(JSON.parse(again?.body ?? '')).toMatchObject({ data: { id: expired, status: 'succeeded' } });
    await arrived('/read', 2);
    await nonePending();
    expect(receiver.at('/deleted')).toHaveLength(1);
  });

  it('leaves only the host of its URL in the logs', async () => {
    const delivered = await eventually(
      () => Promise.resolve(stack.process('scheduler').lines.find(({ message }) => message === 'webhook delivered')),
      'the delivery is logged',
    );
    for (const { output } of stack.processes.values()) expect(output).not.toMatch(/\/(ok|again|gone|deleted)\b/);
    expect(delivered).toMatchObject({ host: `127.0.0.1:${receiver.port}`, outcome: 200 });
  });

  it('needs no command that the Redis user of a service may not send', async () => {
    expect(await stack.redis.sendCommand(['ACL', 'LOG'])).toEqual([]);
  });
});

describe('a callback URL that is not allowed', () => {
  it.each([
    ['not a URL', 'nonsense'],
    ['private', 'http://127.0.0.1:1/x'],
    ['private', 'https://169.254.169.254/latest'],
    ['spelled in hexadecimal', 'http://0x7f000001/x'],
    ['with a password', 'https://a:b@example.com/'],
    ['too long', `https://example.com/${'x'.repeat(2_000)}`],
  ])('is refused with the request: %s', async (_kind, callback_url) => {
    const response = await call({ callback_url });
    expect(response.status).toBe(400);
    expect(await json<Problem>(response)).toMatchObject({
      code: 'invalid_params',
      errors: [{ param: 'callback_url' }],
    });
  });

  it('gets no webhook even if it is in the record', async () => {
    const closed = await Receiver.start();
    const id = await send('http://receiver.example/x');
    await eventually(async () => (await jobAt(id)).status === 'succeeded', 'ended');
    for (const [value, url] of Object.entries({
      literal: `http://127.0.0.1:${closed.port}/x`,
      name: 'http://localhost/x',
    })) {
      await stack.redis.copy(`pdf:job:${id}`, `pdf:webhook:${value}`);
      await stack.redis.hSet(`pdf:webhook:${value}`, { id: value, callback_url: url, deliveries: '0' });
      await stack.redis.zAdd('pdf:webhooks', { score: 0, value });
    }
    const scheduler = stack.process('scheduler');
    await eventually(() => {
      const refused = scheduler.lines.filter(({ outcome }) => String(outcome).startsWith('must have'));
      return Promise.resolve(refused.length >= 2);
    }, 'refused');
    expect(closed.received).toEqual([]);
    closed.stop();
  });
});

describe('without a key', () => {
  it('a request with a callback_url is refused, and others are accepted', async () => {
    const plain = await TestStack.start(['api']);
    const body = (fields: Record<string, string>) => form([{ name: 'a.jpg', bytes: photo }], { async: '1', ...fields });
    const post = (fields: Record<string, string>) =>
      fetch(`${plain.url}/api/image-to-pdf`, { method: 'POST', body: body(fields) });
    try {
      const refused = await post({ callback_url: 'https://example.com/' });
      expect(refused.status).toBe(400);
      expect((await json<Problem>(refused)).detail).toContain('sends no webhooks');
      expect((await post({})).status).toBe(202);
    } finally {
      await plain.stop();
    }
  });
});
