/** A child process for tests of the pool. It does what the task's parameters say, also what no operation should. */
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { connectToParent } from '@pdf-tools/operations/process/connect';
import { CHANNEL_FD } from '@pdf-tools/operations/process/entry';
import type { Task } from '@pdf-tools/operations/process/messages';
import { doneMessage } from './pool-messages.js';

/** Content of all files that this child has seen, as evidence of what it reached. */
function seenFiles(task: Task): Record<string, string> {
  return Object.fromEntries(
    [...task.inputs.map(({ path }) => path), task.outputPath]
      .map((path) => dirname(path))
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
      .map((path) => [path, readFileSync(path, 'latin1')]),
  );
}

function done(task: Task): void {
  const bytes = Buffer.from('output');
  writeFileSync(task.outputPath, bytes);
  send(doneMessage({ pid: process.pid, files: seenFiles(task) }, bytes.length));
}

const FAULTS: Record<string, (task: Task) => void> = {
  none: done,
  slow: (task) => setTimeout(done, 300, task),
  crash: () => process.exit(3),
  segfault: () => process.kill(process.pid, 'SIGSEGV'),
  hang: () => {
    for (;;);
  },
  heap: () => {
    const hoard: unknown[] = [];
    for (;;) hoard.push(new Array(10_000).fill(hoard.length));
  },
  resident: () => {
    const hoard: Buffer[] = [];
    setInterval(() => hoard.push(Buffer.alloc(20 * 2 ** 20, 1)), 10);
  },
  wait: () => undefined,
  'bytes without an end': () => {
    const block = Buffer.alloc(2 ** 16, 'x');
    setInterval(() => {
      writeSync(CHANNEL_FD, block);
    }, 0);
  },
  'a long frame': () => {
    writeSync(CHANNEL_FD, Buffer.from([0, 0x10, 0, 1]));
  },
  'messages without an end': () => {
    setInterval(() => {
      for (let n = 0; n < 100; n++) send({ type: 'progress', percent: 1, stage: 'x'.repeat(100) });
    }, 0);
  },
  'no JSON': () => {
    writeSync(CHANNEL_FD, Buffer.from([0, 0, 0, 1, 0x7b]));
  },
  'an unknown message': () => {
    const text = Buffer.from(JSON.stringify({ type: 'progress', percent: 'all', stage: 'x' }));
    writeSync(CHANNEL_FD, Buffer.concat([Buffer.from([0, 0, 0, text.length]), text]));
  },
  'a repair of another file': () => {
    send({ type: 'repair', input: 7 });
  },
  'a repair of each input': ({ inputs }) => {
    for (const input of inputs.keys()) send({ type: 'repair', input });
  },
  'an end before its repair': (task) => {
    send({ type: 'repair', input: 0 });
    setTimeout(() => {
      writeFileSync(task.outputPath, 'x');
      send(doneMessage({}, 1));
    }, 300);
  },
  'a symbolic link': (task) => {
    try {
      symlinkSync('/etc/hostname', task.outputPath);
    } catch {
      // Landlock refuses it. Then there is no output, which the parent refuses too.
    }
    send(doneMessage({}, 1));
  },
  'a hard link': (task) => {
    writeFileSync(join(dirname(task.outputPath), 'other'), 'x');
    linkSync(join(dirname(task.outputPath), 'other'), task.outputPath);
    send(doneMessage({}, 1));
  },
  'a folder': (task) => {
    mkdirSync(task.outputPath);
    send(doneMessage({}, 1));
  },
  'a file of another size': (task) => {
    writeFileSync(task.outputPath, 'xx');
    send(doneMessage({}, 1));
  },
  'no output': () => {
    send(doneMessage({}, 1));
  },
  'no output after a while': () => {
    setTimeout(() => {
      send(doneMessage({}, 1));
    }, 300);
  },
  'many files': (task) => {
    for (let n = 0; n < 100; n++) closeSync(openSync(join(task.workDir, `left-${n}`), 'w'));
    done(task);
  },
};

const send = connectToParent((message) => {
  if (message.type === 'abort')
    send({
      type: 'failed',
      error: { code: 'corrupt_pdf', detail: 'aborted in the middle' },
      usage: { ms: 0, cpu_ms: 0, peak_memory_bytes: null },
    });
  else if (message.type === 'run') FAULTS[(message.task.params as { fault: string }).fault]?.(message.task);
});
send({ type: 'ready' });
