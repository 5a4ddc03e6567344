import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The compiled program. */
const MAIN = fileURLToPath(new URL('../../../services/cli/dist/main.js', import.meta.url));

/** A PDF of one empty page. It has no cross-reference table, so parsers rebuild it. */
export const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n' +
    '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n' +
    '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>\nendobj\n' +
    'trailer\n<< /Root 1 0 R /Size 4 >>\n%%EOF\n',
);

/** How a command ended. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface Options {
  /** The working folder. */
  readonly folder: string;
  readonly stdin?: Buffer | undefined;
  /** Gets the process when it has started. Without it, standard input ends at once. */
  readonly started?: (child: ChildProcessWithoutNullStreams) => void;
}

/** A working folder for one test, with two PDFs, `a.pdf` and `b.pdf`. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-cli-test-'));
  await writeFile(join(folder, 'a.pdf'), PDF);
  await writeFile(join(folder, 'b.pdf'), PDF);
  return folder;
}

/** Removes what `makeFolder` made. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Runs the compiled program on its arguments. */
export function runProgram(args: readonly string[], options: Options): Promise<Ending> {
  return runCommand(process.execPath, [MAIN, ...args], options);
}

/** Runs a shell script in which `$@` starts the program. */
export function runShell(script: string, options: Options): Promise<Ending> {
  return runCommand('bash', ['-c', script, 'bash', process.execPath, MAIN], options);
}

/** Runs any command. */
export function runCommand(command: string, args: readonly string[], options: Options): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.folder });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
    if (options.started) options.started(child);
    else child.stdin.end(options.stdin);
  });
}
