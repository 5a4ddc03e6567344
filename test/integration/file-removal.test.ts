import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { form } from '@pdf-tools/harness/http';
import { accepted, postKeyed } from '@pdf-tools/harness/keyed-calls';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, pdf } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { failing } from '@pdf-tools/harness/strace';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start([]);
  // With one thread for the disk, the first removal of an upload fails.
  await stack.startService('api', failing('rmdir', 'EIO'), { UV_THREADPOOL_SIZE: '1' });
});
afterAll(() => stack.stop());

/** Resolves with the lines when the api has written this event. */
function logged(message: string, count = 1): Promise<readonly unknown[]> {
  return eventually(() => {
    const lines = stack.process('api').lines.filter((line) => line.message === message);
    return Promise.resolve(lines.length >= count && lines);
  }, message);
}

it('a failed removal of the upload or the job does not replace the answer', async () => {
  const send = async (): Promise<Response> =>
    postKeyed(stack.url, 'a key', { files: [{ name: 'a.jpg', bytes: await jpeg() }] });
  const { id } = await accepted(await send());
  expect(await accepted(await send())).toEqual({ id, replayed: true });
  expect(await logged('files not removed')).toEqual([expect.objectContaining({ what: 'upload' })]);
  const remove = (): Promise<Response> => fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE' });
  expect((await remove()).status).toBe(204);
  const { temp } = stack.storage;
  await rename(temp, `${temp}-saved`);
  // A name below a link to itself cannot be removed.
  await symlink(temp, temp);
  const removed = await remove();
  await rm(temp);
  await rename(`${temp}-saved`, temp);
  expect(removed.status).toBe(204);
  expect(await logged('files not removed', 2)).toContainEqual(expect.objectContaining({ what: 'files' }));
  expect(await logged('files deleted')).toEqual([expect.objectContaining({ reason: 'deleted by client' })]);
});

it('a request with secrets leaves no file if the key for their hashes cannot be read', async () => {
  const before = await stack.filesOf();
  await mkdir(join(stack.folder, '.hash-key'));
  const body = form([{ name: 'a.pdf', bytes: await pdf(['one']) }], { items: '[{"file":0,"password":"sesame"}]' });
  expect((await fetch(`${stack.url}/api/merge-pdf`, { method: 'POST', body })).status).toBe(500);
  expect(await stack.filesOf()).toEqual(before);
});
