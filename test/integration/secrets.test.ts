import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import { secretNames } from '@pdf-tools/operations/secrets';
import { newJobId } from '@pdf-tools/jobs/store';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { childWith, childrenOf, stopChildren } from '@pdf-tools/harness/children';
import { form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, pdf, scan } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const PASSWORD = 'sw0rdfish-in-the-haystack';

const ADMIN_KEY = 'an-admin-key-of-a-test';

let stack: TestStack;
let adminPort: number;
/** The number of child processes of the worker. */
let children: number;
beforeAll(async () => {
  adminPort = await freePort();
  const admin = { ADMIN_KEY, ADMIN_PORT: String(adminPort) };
  stack = await TestStack.start(['api', 'worker', 'scheduler'], {
    JOB_MAX_ATTEMPTS: '1',
    LOG_LEVEL: 'debug',
    ...admin,
  });
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
  children = (await childrenOf(stack)).length;
});
afterAll(() => stack.stop());
afterEach(() => {
  stack.process('worker').signal('SIGCONT');
});

/** Returns the files below the stack's folder that contain the password: uploads, results, and the data of Redis. */
async function whereItLies(): Promise<string[]> {
  const entries = await readdir(stack.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.some((path) => path.endsWith('.aof'))).toBe(true);
  const holds = await Promise.all(
    files.map((path) =>
      readFile(path).then(
        (bytes) => bytes.includes(PASSWORD),
        () => false,
      ),
    ),
  );
  return files.filter((_path, i) => holds[i]);
}

function expectSilence(): void {
  for (const [name, { output }] of stack.processes) expect([name, output.includes(PASSWORD)]).toEqual([name, false]);
}

const secretOf = (id: string): string => join(stack.storage.uploadFolder(id), 'secret.json');

/** Accepts a job with a secret parameter, as the api does. */
async function accept(operation: string, input: Buffer, format: string): Promise<string> {
  const id = newJobId();
  stack.storage.createUploadFolder(id);
  await writeFile(stack.storage.inputPath(id, 0), input);
  await stack.storage.writeSecret(id, JSON.stringify([{ path: ['password'], value: PASSWORD }]));
  await stack.store.accept({
    id,
    operation,
    params: {},
    inputs: [{ name: 'a', bytes: input.length, format }],
    owner: '',
    client: 'test',
    output_name: 'a.pdf',
    request_id: 'test',
    retain: 60,
    has_secrets: true,
  });
  return id;
}

function reaches(id: string, status: JobRecord['status']): Promise<JobRecord> {
  return eventually(async () => {
    const job = await stack.store.get(id);
    return job?.status === status && job;
  }, status);
}

async function expectNothingLeft(): Promise<void> {
  await eventually(async () => (await whereItLies()).length === 0, 'the password is gone');
  expectSilence();
}

describe('a secret parameter', () => {
  it('is stored in only one file while its job waits, and is deleted when the job succeeds', async () => {
    stack.process('worker').signal('SIGSTOP');
    const id = await accept('image-to-pdf', await jpeg(), 'jpeg');
    expect(await whereItLies()).toEqual([secretOf(id)]);
    stack.process('worker').signal('SIGCONT');
    await reaches(id, 'succeeded');
    await expectNothingLeft();
  });

  it('is deleted when its job fails', async () => {
    const id = await accept('image-to-pdf', (await jpeg()).subarray(0, 300), 'jpeg');
    await reaches(id, 'failed');
    await expectNothingLeft();
  });

  it('is deleted when its job is dead-lettered with its inputs, so that the job cannot be retried', async () => {
    const stopped = await stopChildren(stack, children);
    const id = await accept('compress-pdf', await scan(1), 'pdf');
    const busy = await childWith(stack, id);
    for (const pid of stopped) process.kill(pid, pid === busy ? 'SIGKILL' : 'SIGCONT');
    expect(await reaches(id, 'failed')).toMatchObject({ error: { code: 'worker_crashed' } });
    await expectNothingLeft();
    expect((await stack.filesOf(id)).length).toBe(1);
    const retry = `http://127.0.0.1:${adminPort}/admin/api/dead/${id}/retry`;
    const headers = { Authorization: `Bearer ${ADMIN_KEY}` };
    expect((await fetch(retry, { method: 'POST', headers })).status).toBe(410);
  });

  it('is deleted when its job is cancelled', async () => {
    stack.process('worker').signal('SIGSTOP');
    const id = await accept('image-to-pdf', await jpeg(), 'jpeg');
    await fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE' });
    await expectNothingLeft();
  });

  it('fails its job if it was lost', async () => {
    stack.process('worker').signal('SIGSTOP');
    const id = await accept('image-to-pdf', await jpeg(), 'jpeg');
    await stack.storage.removeSecret(id);
    stack.process('worker').signal('SIGCONT');
    expect(await reaches(id, 'failed')).toMatchObject({ error: { code: 'internal_error' } });
  });
});

const SECRETS = Object.entries(OPERATIONS).flatMap(([name, { params }]) =>
  secretNames(params).map((param) => [param, name as OperationName] as const),
);

describe('a secret parameter of a request', () => {
  it.each(SECRETS)('reaches its job only as a file: %s of %s', async (param, name) => {
    const { accepts } = OPERATIONS[name];
    const isPdf = accepts.formats.some((format) => format === 'pdf');
    stack.process('worker').signal('SIGSTOP');
    const file = { name: 'a', bytes: isPdf ? await pdf(['one']) : await jpeg(), field: accepts.field };
    const body = form([file], { [param]: PASSWORD, async: 'true' });
    const headers = { 'Idempotency-Key': `${name} ${param}` };
    const { id } = await json<Job>(await fetch(`${stack.url}/api/${name}`, { method: 'POST', body, headers }));
    expect(await whereItLies()).toEqual([secretOf(id)]);
    expectSilence();
    stack.process('worker').signal('SIGCONT');
    await reaches(id, 'succeeded');
    await expectNothingLeft();
  });
});
