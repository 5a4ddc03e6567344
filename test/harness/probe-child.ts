/** A child process that tries what it must not be able to do, for tests of its box. It tells what it got of each try. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { FromChild, ToChild } from '@pdf-tools/worker/messages';

/** What is tried, as the parameters of a task. Paths are absolute. */
export interface Tries {
  readonly read: readonly string[];
  readonly list: readonly string[];
  /** Folders in which a file and a folder are made, renamed and removed. */
  readonly write: readonly string[];
  readonly lookUp: readonly string[];
  /** host:port, or the path of a socket. */
  readonly connect: readonly string[];
  readonly start: readonly string[];
}

/** `ok`, or the code of the error, by what was tried. */
export type Results = Readonly<Record<string, string>>;

export interface Findings {
  readonly results: Results;
  readonly environment: Readonly<Record<string, string>>;
  /** Lines of /proc/self/status and /proc/self/limits by their name; empty where there is none. */
  readonly status: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

process.on('message', (message: ToChild) => {
  if (message.type === 'run') void probe(message.task.params as Tries);
});
process.on('disconnect', () => process.exit(0));
send({ type: 'ready' });

async function probe(tries: Tries): Promise<void> {
  const findings: Findings = {
    results: {
      ...(await each('read', tries.read, (path) => readFileSync(path))),
      ...(await each('list', tries.list, (path) => readdirSync(path))),
      ...(await each('write', tries.write, writeBelow)),
      ...(await each('look up', tries.lookUp, (name) => lookup(name))),
      ...(await each('connect', tries.connect, connectTo)),
      ...(await each('start', tries.start, (program) => execFileSync(program))),
      ...(await each('bind', ['udp'], bindUdp)),
      ...(await each('signal', ['parent'], () => process.kill(process.ppid, 0))),
    },
    environment: { ...process.env } as Record<string, string>,
    status: table('/proc/self/status', /^(\w+):\s+(.*)$/gm),
    limits: table('/proc/self/limits', /^(Max [a-z ]+?) {2,}(\w+)/gm),
  };
  send({ type: 'done', result: { pages: 0, report: { ...findings } }, output: { bytes: 0, sha256: '' } });
}

async function each(verb: string, objects: readonly string[], attempt: (object: string) => unknown): Promise<Results> {
  const results: Record<string, string> = {};
  for (const object of objects) {
    try {
      await attempt(object);
      results[`${verb} ${object}`] = 'ok';
    } catch (error) {
      results[`${verb} ${object}`] = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
  }
  return results;
}

function writeBelow(folder: string): void {
  const [made, renamed] = [join(folder, 'probe-made'), join(folder, 'probe-renamed')];
  writeFileSync(made, 'x');
  writeFileSync(made, 'y');
  renameSync(made, renamed);
  rmSync(renamed);
  mkdirSync(made);
  rmSync(made, { recursive: true });
}

function connectTo(target: string): Promise<void> {
  const [host = '', port] = target.split(':');
  return new Promise((resolve, reject) => {
    const socket = port === undefined ? connect(host) : connect(Number(port), host);
    socket.setTimeout(3_000, () => socket.destroy(Object.assign(new Error('silence'), { code: 'TIMEOUT' })));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

function bindUdp(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      socket.close(resolve);
    });
  });
}

function table(path: string, lines: RegExp): Record<string, string> {
  try {
    const found = [...readFileSync(path, 'utf8').matchAll(lines)];
    return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
  } catch {
    return {};
  }
}

function send(message: FromChild): void {
  process.send?.(message);
}
