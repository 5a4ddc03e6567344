import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Sandbox } from '@pdf-tools/jobs/worker-registry';
import { accessOf, landlockArguments } from './landlock.js';

const run = promisify(execFile);

const PRLIMIT = '/usr/bin/prlimit';
const SETPRIV = '/usr/bin/setpriv';
/** Address space that Node takes before it does anything, with room for its heap and threads: about 1,260 MiB are seen. */
const ADDRESS_SPACE_OF_NODE_MB = 1_536;
const OPEN_FILES = 1_024;
const TRIAL_MS = 10_000;

export interface LaunchOptions {
  /** Module that a child process runs. */
  readonly entry: URL;
  /** JavaScript heap limit in MiB. */
  readonly heapMb: number;
  /** Resident memory in MiB above which the pool kills it. */
  readonly memoryMb: number;
  /** Folder with `uploads/` and `temp/`. */
  readonly uploads: string;
  readonly temp: string;
  /** File with a raw BPF program that says which system calls are refused (the image has one); empty for none. */
  readonly syscallFilter: string;
}

/** How child processes are started: found out once, the same for all of them. */
export interface Launcher {
  readonly sandbox: Sandbox;
  /** Program and arguments, the entry module last. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Removes what was made for the children. */
  readonly close: () => void;
}

/**
 * Tries the ways to start a child process, the tightest first, and takes the first that works here:
 * within Landlock, limits and the system call filter; within the latter two; bare (macOS). What cannot be had is said
 * in one warning. setpriv knows Landlock since util-linux 2.41.
 */
export async function findLauncher(options: LaunchOptions, log: Logger): Promise<Launcher> {
  const scratch = mkdtempSync(join(tmpdir(), 'pdf-tools-children-'));
  const env = childEnvironment(scratch);
  const close = (): void => {
    rmSync(scratch, { recursive: true, force: true });
  };
  const node = [process.execPath, ...nodeFlags(options.heapMb), fileURLToPath(options.entry)];
  const landlock = landlockArguments(accessOf(options.entry, { ...options, scratch }));
  const bounded = [PRLIMIT, ...limits(options.memoryMb), SETPRIV, ...privileges(options.syscallFilter)];

  if (await works([...bounded, ...landlock], env))
    return { sandbox: 'landlock', command: asCommand([...bounded, ...landlock, ...node]), env, close };
  const wrapped = await works(bounded, env);
  log.warn('child processes run without Landlock: they can read what this user can', { limits: wrapped });
  return { sandbox: 'none', command: asCommand(wrapped ? [...bounded, ...node] : node), env, close };
}

/** All that a child process knows of its surroundings: nothing of the worker's environment. */
function childEnvironment(scratch: string): Record<string, string> {
  return {
    TMPDIR: scratch,
    MALLOC_ARENA_MAX: '2',
    // Buffers of most jobs come from the heap and are used again: a page fresh from the system costs more than what is
    // done with it. Larger ones go back at once, and so does what is free at the heap's end above the second figure.
    MALLOC_MMAP_THRESHOLD_: '1048576',
    MALLOC_TRIM_THRESHOLD_: '16777216',
    // Node's OpenSSL takes a file that it may not look for to be a broken one.
    OPENSSL_CONF: '/dev/null',
  };
}

function nodeFlags(heapMb: number): string[] {
  // The trap handler reserves 10 GiB of address space for each WebAssembly memory.
  return [`--max-old-space-size=${heapMb}`, '--disable-wasm-trap-handler'];
}

/**
 * No limit of processor time, as a child does many jobs in its life: the parent watches the clock, and a child dies with
 * its parent. None of processes either, which counts for a user on the whole host: the container has one.
 */
function limits(memoryMb: number): string[] {
  return ['--core=0', `--nofile=${OPEN_FILES}`, `--as=${(memoryMb + ADDRESS_SPACE_OF_NODE_MB) * 2 ** 20}`];
}

function privileges(syscallFilter: string): string[] {
  const filter = syscallFilter === '' ? [] : ['--seccomp-filter', syscallFilter];
  return ['--no-new-privs', '--pdeathsig', 'KILL', ...filter];
}

/** True where Node starts behind these words. */
async function works(prefix: readonly string[], env: Readonly<Record<string, string>>): Promise<boolean> {
  const [program, ...args] = asCommand(prefix);
  try {
    await run(program, [...args, process.execPath, '--version'], { env, timeout: TRIAL_MS });
    return true;
  } catch {
    return false;
  }
}

function asCommand([program, ...args]: readonly string[]): [string, ...string[]] {
  if (program === undefined) throw new Error('no program to start');
  return [program, ...args];
}
