import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';

/** Paths of distributions. Only these two programs are started to repair a file. */
export const QPDF = '/usr/bin/qpdf';
const PRLIMIT = '/usr/bin/prlimit';
/** Seconds of processor time, which the kernel enforces. */
const CPU_SECONDS = 2;
/** Time after which qpdf is killed although it has used less processor time. */
const TIMEOUT_MS = 20_000;
/** qpdf's exit codes for a result without and with warnings. */
const WRITTEN = [0, 3];

interface RepairOptions {
  /** Program and arguments that qpdf is started under, such as setpriv with Landlock rules. */
  readonly under?: readonly string[];
  /** Kills qpdf when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Has qpdf write what it can read of a damaged file to `target`. Returns false if qpdf is not installed or cannot read the
 * file either.
 */
export async function repairWithQpdf(
  path: string,
  target: string,
  { under = [], signal }: RepairOptions = {},
): Promise<boolean> {
  if (signal?.aborted || !(await isInstalled())) return false;
  const limits = [`--cpu=${CPU_SECONDS}`, '--core=0'];
  const qpdf = spawn(PRLIMIT, [...limits, ...under, QPDF, '--', path, target], {
    stdio: 'ignore',
    env: {},
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    ...(signal && { signal }),
  });
  return new Promise((resolve) => {
    qpdf.once('error', () => {
      resolve(false);
    });
    qpdf.once('exit', (code) => {
      resolve(code !== null && WRITTEN.includes(code));
    });
  });
}

async function isInstalled(): Promise<boolean> {
  try {
    await Promise.all([QPDF, PRLIMIT].map((program) => access(program, constants.X_OK)));
    return true;
  } catch {
    return false;
  }
}
