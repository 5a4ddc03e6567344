/** A child process that tries what it must not be able to do, for tests of its confinement. It reports each result. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { connectToParent } from '@pdf-tools/operations/process/connect';
import { doneMessage } from './pool-messages.js';

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
  /** Folders in which a file is made and its metadata changed, and which are watched. */
  readonly metadata: readonly string[];
  /** Pairs of a file and the name of a hard link to it. */
  readonly link: readonly (readonly [string, string])[];
}

/** `ok`, or the code of the error, by what was tried. */
type Results = Readonly<Record<string, string>>;

export interface Findings {
  readonly results: Results;
  readonly environment: Readonly<Record<string, string>>;
  /** Lines of /proc/self/status and /proc/self/limits by their name. Empty if the file does not exist. */
  readonly status: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

const send = connectToParent((message) => {
  if (message.type === 'run') void probe(message.task.params as Tries);
});
send({ type: 'ready' });

async function probe(tries: Tries): Promise<void> {
  const findings: Findings = {
    results: {
      ...(await each('read', tries.read, (path) => readFileSync(path))),
      ...(await each('list', tries.list, (path) => readdirSync(path))),
      ...(await each('write', tries.write, writeBelow)),
      ...(await each('look up', tries.lookUp, (name) => lookup(name))),
      ...(await each('connect', tries.connect, connectTo)),
      ...(await each('start', tries.start, (program) => execFileSync(program, { stdio: 'inherit' }))),
      ...(await each('chmod in', tries.metadata, (folder) => {
        chmodSync(made(folder), 0o6777);
      })),
      ...(await each('chown in', tries.metadata, (folder) => {
        chownSync(made(folder), process.getuid?.() ?? 0, process.getgid?.() ?? 0);
      })),
      ...(await each('utimes in', tries.metadata, (folder) => {
        utimesSync(made(folder), 1, 1);
      })),
      ...(await each('watch', tries.metadata, (folder) => {
        watch(folder).close();
      })),
      ...(await eachLink(tries.link)),
      ...(await each('priority of', ['self'], () => {
        setPriority(0, 19);
      })),
      ...(await each('bind', ['udp'], bindUdp)),
      ...(await each('signal', ['parent'], () => process.kill(process.ppid, 0))),
    },
    environment: { ...process.env } as Record<string, string>,
    status: table('/proc/self/status', /^(\w+):\s+(.*)$/gm),
    limits: table('/proc/self/limits', /^(Max [a-z ]+?) {2,}(\w+)/gm),
  };
  send(doneMessage({ ...findings }));
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

/** A file of this process in a folder. */
function made(folder: string): string {
  const path = join(folder, 'probe-metadata');
  writeFileSync(path, 'x');
  return path;
}

async function eachLink(links: Tries['link']): Promise<Results> {
  const tried = links.map(([from, to]) =>
    each('link', [`${from} to ${to}`], () => {
      linkSync(from, to);
    }),
  );
  return Object.assign({}, ...(await Promise.all(tried))) as Results;
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
