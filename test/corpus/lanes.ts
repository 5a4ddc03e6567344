import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WarmChild } from '@pdf-tools/harness/warm-child';

export interface Lane {
  readonly child: WarmChild;
  /** The lane's own folder. */
  readonly folder: string;
}

interface Plan {
  readonly lanes: number;
  readonly folder: string;
  readonly limits: ConstructorParameters<typeof WarmChild>[0];
}

/** Processes every item in parallel lanes, each with its own warm child. Results keep the order of the items. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  { lanes, folder, limits }: Plan,
  work: (item: Item, lane: Lane, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const drive = async (_: unknown, number: number): Promise<void> => {
    const lane = { child: new WarmChild(limits), folder: join(folder, `lane-${number}`) };
    await mkdir(lane.folder, { recursive: true });
    try {
      for (let index = next++; index < items.length; index = next++) {
        const item = items[index];
        if (item !== undefined) results[index] = await work(item, lane, index);
      }
    } finally {
      lane.child.stop();
      await rm(lane.folder, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: lanes }, drive));
  return results;
}
