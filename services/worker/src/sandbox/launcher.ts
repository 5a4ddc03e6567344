import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Sandbox } from '@pdf-tools/jobs/worker-registry';
import type { ChildOptions } from '@pdf-tools/operations/process/child-process';
import { ALLOCATOR_ENVIRONMENT, heapFlags } from '@pdf-tools/operations/process/memory';
import { QPDF } from '@pdf-tools/operations/process/repair';
import type { OperationName } from '@pdf-tools/operations/registry';
import type { Logger } from '@pdf-tools/runtime/logger';
import { Slot } from '../slot.js';
import { childAccess, landlockArguments, repairAccess } from './landlock.js';

const run = promisify(execFile);

const PRLIMIT = '/usr/bin/prlimit';
const SETPRIV = '/usr/bin/setpriv';
/** Address space that Node takes before it does anything, with room for its heap and threads: about 1,260 MiB are seen. */
const ADDRESS_SPACE_OF_NODE_MB = 1_536;
const OPEN_FILES = 1_024;
/** Maximum size of a file that a child writes, far above that of any result. A sparse file could have any size. */
const FILE_BYTES = 2 ** 31;
const TRIAL_MS = 10_000;

export interface LaunchOptions {
  /** Module that a child process runs. */
  readonly entry: URL;
  /** JavaScript heap limit in MiB. */
  readonly heapMb: number;
  /** Resident memory in MiB above which the pool kills a child. */
  readonly memoryMb: number;
  /** Folder of the worker's slots. It must exist. */
  readonly slots: string;
  /** File with a raw BPF program that refuses system calls (the image has one), or empty for none. */
  readonly syscallFilter: string;
}

/** How child processes are started: found once, the same for all of them but for their slots. */
export interface Launcher {
  readonly sandbox: Sandbox;
  /**
   * Returns how to start a child process that has this slot. It loads only `operation` before it is ready, or all
   * operations if none is given.
   */
  readonly start: (slot: Slot, operation?: OperationName) => ChildOptions;
}

/**
 * Tries the ways to start a child process, the tightest first, and returns the first that works on this host: with
 * Landlock, limits and the system call filter, then with limits and the filter, then without any (macOS). A warning says
 * what is missing. setpriv supports Landlock since util-linux 2.41. Throws if the system call filter does not exist, because
 * children would run without it.
 */
export async function findLauncher(options: LaunchOptions, log: Logger): Promise<Launcher> {
  const { syscallFilter } = options;
  if (syscallFilter !== '' && !existsSync(syscallFilter))
    throw new Error(`CHILD_SYSCALL_FILTER: "${syscallFilter}" does not exist. Correct the path, or leave it empty.`);
  const trial = Slot.create(options.slots);
  try {
    const bounded = new Confinement(options, true);
    if (await works(bounded.ofChild(trial), environment(trial))) return bounded;
    const wrapped = await works([...limits(options), ...privileges(options)], environment(trial));
    log.warn('child processes run without Landlock: they can read what this user can', { limits: wrapped });
    return new Confinement(options, false, wrapped);
  } finally {
    await trial.remove();
  }
}

class Confinement implements Launcher {
  constructor(
    private readonly options: LaunchOptions,
    private readonly landlock: boolean,
    private readonly limited = true,
  ) {}

  get sandbox(): Sandbox {
    return this.landlock ? 'landlock' : 'none';
  }

  start(slot: Slot, operation?: OperationName): ChildOptions {
    const { entry, heapMb } = this.options;
    const node = [process.execPath, ...nodeFlags(heapMb), fileURLToPath(entry), ...(operation ? [operation] : [])];
    return {
      command: asCommand([...this.ofChild(slot), ...node]),
      env: environment(slot),
      repairUnder: this.#ofRepair(slot),
    };
  }

  /** Program and arguments that a child process is started under. */
  ofChild(slot: Slot): string[] {
    if (!this.limited) return [];
    const { entry } = this.options;
    return [...limits(this.options), ...privileges(this.options), ...this.#rules(childAccess(entry, slot))];
  }

  #ofRepair(slot: Slot): string[] {
    if (!this.limited || !existsSync(QPDF)) return [];
    return [...limits(this.options), ...privileges(this.options), ...this.#rules(repairAccess(slot))];
  }

  #rules(access: Parameters<typeof landlockArguments>[0]): string[] {
    return this.landlock ? landlockArguments(access) : [];
  }
}

/** The whole environment of a child process: it has nothing of the worker's. */
function environment({ scratch }: Slot): Record<string, string> {
  return {
    TMPDIR: scratch,
    ...ALLOCATOR_ENVIRONMENT,
    // Node's OpenSSL treats a file that it may not open as a broken one.
    OPENSSL_CONF: '/dev/null',
  };
}

function nodeFlags(heapMb: number): string[] {
  // The trap handler reserves 10 GiB of address space for each WebAssembly memory.
  return [...heapFlags(heapMb), '--disable-wasm-trap-handler'];
}

/**
 * There is no limit of processor time, because a child runs many jobs and the parent watches the clock. There is no limit of
 * processes either, because it counts a user's processes on the whole host: the container has one.
 */
function limits({ memoryMb }: LaunchOptions): string[] {
  const addressSpace = (memoryMb + ADDRESS_SPACE_OF_NODE_MB) * 2 ** 20;
  return [PRLIMIT, '--core=0', `--nofile=${OPEN_FILES}`, `--fsize=${FILE_BYTES}`, `--as=${addressSpace}`];
}

function privileges({ syscallFilter }: LaunchOptions): string[] {
  const filter = syscallFilter === '' ? [] : ['--seccomp-filter', syscallFilter];
  return [SETPRIV, '--no-new-privs', '--pdeathsig', 'KILL', ...filter];
}

/** Whether Node runs under this command prefix. */
async function works(prefix: readonly string[], env: Readonly<Record<string, string>>): Promise<boolean> {
  const [program, ...args] = asCommand([...prefix, process.execPath, '--version']);
  try {
    await run(program, args, { env, timeout: TRIAL_MS });
    return true;
  } catch {
    return false;
  }
}

function asCommand([program, ...args]: readonly string[]): [string, ...string[]] {
  if (program === undefined) throw new Error('no program to start');
  return [program, ...args];
}
