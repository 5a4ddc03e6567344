import type { Child } from '@pdf-tools/worker/child-process';
import type { Findings, Tries } from './probe-child.js';

export const NO_TRIES: Tries = { read: [], list: [], write: [], lookUp: [], connect: [], start: [] };

/** Has a child that runs probe-child try all this. */
export async function probe(child: Child, tries: Partial<Tries>): Promise<Findings> {
  await Promise.race([child.ready, died(child)]);
  const findings = new Promise<Findings>((resolve) => {
    const task = {
      job: 'probe',
      operation: 'merge-pdf',
      params: { ...NO_TRIES, ...tries },
      inputs: [],
      workDir: '',
      outputPath: '',
    } as const;
    child.run(task, (message) => {
      if (message.type === 'done') resolve(message.result.report as unknown as Findings);
    });
  });
  return Promise.race([findings, died(child)]);
}

async function died(child: Child): Promise<never> {
  throw new Error(`the probe died: ${JSON.stringify(await child.exited)}`);
}
