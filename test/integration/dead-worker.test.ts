import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { LANES } from '@pdf-tools/jobs/lanes';
import { acceptPicture } from '@pdf-tools/harness/accepted';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const AN_HOUR_MS = 3_600_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start(['scheduler']);
});
afterAll(() => stack.stop());

/** Accepts a job that a worker of this name holds, with a lease that ends long after this test. */
async function heldBy(worker: string, photo: Buffer): Promise<string> {
  const id = await acceptPicture(stack, photo);
  expect(await stack.store.claim({ worker, leaseMs: AN_HOUR_MS, lanes: LANES })).toMatchObject({ claim: { id } });
  return id;
}

it('a worker that starts releases the leases of dead workers on its host, and no others', async () => {
  const photo = await jpeg();
  const { pid } = spawnSync(process.execPath, ['--version']);
  const dead = await heldBy(`${hostname()}:${pid}`, photo);
  const alive = await heldBy(`${hostname()}:${process.pid}`, photo);
  const elsewhere = await heldBy(`elsewhere:${pid}`, photo);
  await stack.startService('worker');
  const done = async (): Promise<boolean> => (await stack.store.get(dead))?.status === 'succeeded';
  await eventually(done, 'the dead worker’s job is done');
  expect(await stack.store.get(dead)).toMatchObject({ attempts: 1, stalledCount: 1 });
  for (const id of [alive, elsewhere]) expect((await stack.store.get(id))?.status).toBe('active');
});
