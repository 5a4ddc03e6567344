/** A child process for tests of the pool: it does what the task's parameters say, also what no operation should. */
import type { FromChild, ToChild } from '@pdf-tools/worker/messages';

const send = (message: FromChild): void => {
  process.send?.(message);
};
const done = (): void => {
  send({ type: 'done', result: { pages: 1, report: { pid: process.pid } }, output: { bytes: 0, sha256: '' } });
};

const FAULTS: Record<string, () => void> = {
  none: done,
  slow: () => setTimeout(done, 300),
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
};

process.on('message', (message: ToChild) => {
  if (message.type === 'abort')
    send({ type: 'failed', error: { code: 'corrupt_pdf', detail: 'aborted in the middle' }, cause: undefined });
  else FAULTS[(message.task.params as { fault: string }).fault]?.();
});
process.on('disconnect', () => process.exit(0));
send({ type: 'ready' });
