import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';

/** Where distributions put them. The children of the worker know no PATH, and may run these two programs alone. */
const [QPDF, PRLIMIT] = ['/usr/bin/qpdf', '/usr/bin/prlimit'];
/** Seconds of processor time: the kernel ends qpdf, for a child process may send no signal. */
const CPU_SECONDS = 2;
/** qpdf's exit codes for a result without and with warnings. */
const WRITTEN = [0, 3];

/**
 * Lets qpdf, where it is installed, write what it can read of a damaged file to another. False where it is not, or cannot
 * either. Runs within the memory limit of this process.
 */
export async function repairWithQpdf(path: string, target: string): Promise<boolean> {
  if (!(await isInstalled())) return false;
  const limits = [`--cpu=${CPU_SECONDS}`, '--core=0'];
  const repair = spawn(PRLIMIT, [...limits, QPDF, '--', path, target], { stdio: 'ignore', env: {} });
  const code = await once(repair, 'exit').then(
    ([exitCode]: unknown[]) => exitCode,
    () => undefined,
  );
  return typeof code === 'number' && WRITTEN.includes(code);
}

async function isInstalled(): Promise<boolean> {
  try {
    await Promise.all([QPDF, PRLIMIT].map((program) => access(program, constants.X_OK)));
    return true;
  } catch {
    return false;
  }
}
