import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@pdf-tools/runtime/logger';
import { SlotFolders } from '@pdf-tools/runtime/slot-folders';
import { VolumeStorage } from '@pdf-tools/runtime/volume';
import { createSlotSweep } from './sweep-slots.js';

const log = createLogger({ service: 'test', level: 'error' });
let root: string;
let storage: VolumeStorage;
let folders: SlotFolders;
let now: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sweep-slots-'));
  storage = new VolumeStorage(root);
  storage.prepare();
  folders = new SlotFolders(storage);
  now = 0;
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const startSweep = () => createSlotSweep({ folders, log, clock: () => now });

/** Marks the slots of a worker at a time of their own, in seconds since the epoch. */
function mark(worker: string, seconds: number): void {
  folders.mark(worker);
  utimesSync(folders.folderOf(worker), seconds, seconds);
}

describe('the sweep of slots', () => {
  it('removes those of a worker that stops marking them, and no others', async () => {
    const sweep = startSweep();
    mark('dead:1', 1);
    writeFileSync(join(folders.folderOf('dead:1'), 'input'), 'x');
    utimesSync(folders.folderOf('dead:1'), 1, 1);
    for (let run = 0; run < 4; run++, now += 60_000) {
      mark('alive:1', run);
      expect(readdirSync(storage.slots).sort()).toEqual(['alive:1', 'dead:1']);
      await sweep.run();
    }
    expect(readdirSync(storage.slots)).toEqual(['alive:1']);
  });

  it('keeps those whose mark is old when it sees them first, as after a pause of the host', async () => {
    const sweep = startSweep();
    mark('w:1', 1);
    expect(await sweep.run()).toEqual({ removed: 0 });
    now += 120_000;
    expect(await sweep.run()).toEqual({ removed: 0 });
    mark('w:1', 2);
    now += 120_000;
    expect(await sweep.run()).toEqual({ removed: 0 });
  });
});
