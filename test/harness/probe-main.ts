/**
 * Runs in the worker's container. It starts probe-child as the worker that is installed there starts its children, and
 * prints what the child found. Arguments: the tries as JSON, and `bare` to start it without confinement. It is sent as a
 * bundle, because the image holds no packages of ours.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildProcess } from '@pdf-tools/operations/process/child-process';
import { createLogger } from '@pdf-tools/runtime/logger';
import { findLauncher } from '@pdf-tools/worker/sandbox/launcher';
import { Slot } from '@pdf-tools/worker/slot';
import { probe } from './probe.js';
import type { Tries } from './probe-child.js';

const [, , tries = '{}', how] = process.argv;

const slots = '/data/slots/probe';
const folders = ['/data/uploads/probe', '/data/temp/probe', slots];
for (const folder of folders) mkdirSync(folder, { recursive: true });
const options = {
  entry: new URL('./probe-child.js', import.meta.url),
  heapMb: 64,
  memoryMb: 400,
  slots,
  syscallFilter: process.env.CHILD_SYSCALL_FILTER ?? '',
};
const launcher = await findLauncher(options, createLogger({ service: 'probe', level: 'error' }));
const [slot, other] = [Slot.create(slots), Slot.create(slots)];
for (const folder of [...folders.slice(0, 2), slot.in, other.in]) writeFileSync(join(folder, '0'), 'x');
const { command, ...started } = launcher.start(slot);
const bare = [process.execPath, ...command.slice(-1)] as [string, ...string[]];
const child = new ChildProcess({ ...started, command: how === 'bare' ? bare : command });
try {
  const wanted = JSON.parse(tries) as Partial<Tries>;
  // Absolute paths replace `SLOT` and `OTHER`, whose names are random.
  const named = JSON.parse(
    JSON.stringify(wanted).replaceAll('SLOT', slot.path).replaceAll('OTHER', other.path),
  ) as Tries;
  const text = JSON.stringify({ ...(await probe(child, named)), sandbox: launcher.sandbox });
  console.log(text.replaceAll(slot.path, 'SLOT').replaceAll(other.path, 'OTHER'));
} finally {
  child.kill();
  await child.exited;
  for (const folder of folders) rmSync(join(folder), { recursive: true, force: true });
}
