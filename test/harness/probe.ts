import type { ChildProcess } from '@pdf-tools/operations/process/child-process';
import type { Findings, Tries } from './probe-child.js';

const NO_TRIES: Tries = {
  read: [],
  list: [],
  write: [],
  lookUp: [],
  connect: [],
  start: [],
  metadata: [],
  link: [],
};

/** Has a child that runs probe-child try all this. */
export async function probe(child: ChildProcess, tries: Partial<Tries>): Promise<Findings> {
  await Promise.race([child.ready, died(child)]);
  const findings = new Promise<Findings>((resolve) => {
    const params = { ...NO_TRIES, ...tries };
    child.run({ operation: 'merge-pdf', params, inputs: [], workDir: '', outputPath: '' }, (message) => {
      if (message.type === 'done') resolve(message.result.report as unknown as Findings);
    });
  });
  return Promise.race([findings, died(child)]);
}

async function died(child: ChildProcess): Promise<never> {
  throw new Error(`the probe died: ${JSON.stringify(await child.exited)}`);
}
