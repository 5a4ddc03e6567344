import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WarmChild } from '@pdf-tools/harness/warm-child';

export interface Lane {
  readonly child: WarmChild;
  /** A folder of the lane's own. */
  readonly folder: string;
}

interface Plan {
  readonly lanes: number;
  readonly folder: string;
  readonly limits: ConstructorParameters<typeof WarmChild>[0];
}

/** Does the work on every item, so many at a time, each lane with a warm child of its own. Results keep the items' order. */
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
