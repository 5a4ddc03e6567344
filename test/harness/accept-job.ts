import { newJobId } from '@pdf-tools/jobs/store';
import type { TestStack } from './stack.js';

export interface JobOptions {
  readonly retain?: number;
  readonly client?: string;
  readonly bytes?: number;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Accepts a job in the store alone: it has no files and no notification. Returns its id. */
export async function acceptJob(
  { store }: Pick<TestStack, 'store'>,
  { retain = 60, client = 'c', bytes = 1, params = { a: 1 } }: JobOptions = {},
): Promise<string> {
  const id = newJobId();
  const inputs = [{ name: 'a.pdf', bytes, format: 'pdf' }];
  const job = {
    id,
    operation: 'merge-pdf',
    params,
    inputs,
    owner: 'key',
    client,
    output_name: 'x.pdf',
    request_id: 'r',
  };
  const acceptance = await store.accept({ ...job, retain, delete_after_read: false });
  if (acceptance.outcome !== 'accepted') throw new Error(`the job was not accepted: ${acceptance.outcome}`);
  return id;
}
