/**
 * Runs in the worker's container: starts probe-child as the worker that is installed there starts its children, and
 * prints what it found. Arguments: the folder of the worker's code, the tries as JSON, `bare` to start it without a box.
 */
import { mkdirSync, rmSync } from 'node:fs';
import type * as Logging from '@pdf-tools/runtime/logger';
import type * as ChildProcess from '@pdf-tools/worker/child-process';
import type * as Launching from '@pdf-tools/worker/sandbox/launcher';
import { probe } from './probe.js';
import type { Tries } from './probe-child.js';

const [, , app = '', tries = '{}', how] = process.argv;
const { Child } = (await import(`${app}/child-process.js`)) as typeof ChildProcess;
const { findLauncher } = (await import(`${app}/sandbox/launcher.js`)) as typeof Launching;
const { createLogger } = (await import(`${app}/../../runtime/dist/logger.js`)) as typeof Logging;

const folders = { uploads: '/data/uploads', temp: '/data/temp' };
const probeFolders = Object.values(folders).map((folder) => `${folder}/probe`);
for (const folder of probeFolders) mkdirSync(folder, { recursive: true });
const options = {
  entry: new URL('./probe-child.js', import.meta.url),
  heapMb: 64,
  memoryMb: 400,
  syscallFilter: process.env.CHILD_SYSCALL_FILTER ?? '',
  ...folders,
};
const launcher = await findLauncher(options, createLogger({ service: 'probe', level: 'error' }));
const bare = [process.execPath, ...launcher.command.slice(-1)] as [string, ...string[]];
const child = new Child(how === 'bare' ? { ...launcher, command: bare } : launcher);
try {
  const wanted = JSON.parse(tries) as Partial<Tries>;
  const write = [...(wanted.write ?? []), launcher.env.TMPDIR ?? ''];
  const findings = await probe(child, { ...wanted, write });
  console.log(JSON.stringify({ ...findings, sandbox: launcher.sandbox, scratch: launcher.env.TMPDIR }));
} finally {
  child.kill('stopped');
  launcher.close();
  for (const folder of probeFolders) rmSync(folder, { recursive: true, force: true });
}
