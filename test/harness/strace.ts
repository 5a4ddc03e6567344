import { readFile } from 'node:fs/promises';

const CALLS = ['write', 'writev', 'pwrite64', 'pwritev', 'sendto', 'sendmsg', 'fsync', 'fdatasync', 'rename'];

/**
 * The command that traces a service's writes into a file. strace is a child of the service, so that signals reach the
 * service.
 */
export function strace(file: string): readonly string[] {
  return ['strace', '-D', '-f', '-qq', '--seccomp-bpf', '-yy', '-s', '600', '-o', file, '-e', `trace=${CALLS.join()}`];
}

/** The command that has the first `name` call of each of a service's threads fail with an error of the kernel's. */
export function failing(name: string, error: string): readonly string[] {
  const rules = ['-e', `trace=${name}`, '-e', `inject=${name}:error=${error}:when=1`];
  return ['strace', '-D', '-f', '-qq', '--seccomp-bpf', '-o', '/dev/null', ...rules];
}

/** One system call, with the lines of the trace on which it began and returned. */
export interface Call {
  readonly name: string;
  /** Its arguments as strace spells them; a descriptor is followed by its path or its connection in angle brackets. */
  readonly args: string;
  readonly pid: string;
  readonly began: number;
  readonly returned: number;
}

const LINE = /^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$/;
const UNFINISHED = '<unfinished ...>';

/** Every call of a trace that succeeded, in the order of their returns. */
export async function readTrace(file: string): Promise<Call[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const unfinished = new Map<string, Call>();
  return lines.flatMap((line, place) => {
    const call = readCall(line, place, unfinished);
    if (!call?.args.endsWith(UNFINISHED)) return call && /\) += +\d+$/.test(call.args) ? [call] : [];
    unfinished.set(call.pid, { ...call, args: call.args.slice(0, -UNFINISHED.length) });
    return [];
  });
}

/** A line's call, together with its beginning on an earlier line where the two were torn apart. */
function readCall(line: string, place: number, unfinished: ReadonlyMap<string, Call>): Call | undefined {
  const [, pid = '', resumed, begun, text = ''] = LINE.exec(line) ?? [];
  if (begun !== undefined) return { name: begun, args: text, pid, began: place, returned: place };
  const start = resumed === undefined ? undefined : unfinished.get(pid);
  return start && { ...start, args: start.args + text, returned: place };
}
