import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDiskFull, isMissing } from './files.js';
import { VolumeStorage } from './volume.js';

const ID = 'a'.repeat(40);
let root: string;
let storage: VolumeStorage;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'storage-'));
  storage = new VolumeStorage(root);
  storage.prepare();
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the storage', () => {
  it('makes a run’s output the result under its final name', async () => {
    storage.createRunFolder(ID, 3);
    await writeFile(storage.partialPath(ID, 3), '%PDF');
    const seen: string[] = [];
    await storage.publish(ID, 3, (file) => seen.push(readFileSync(file, 'latin1')));
    expect(seen).toEqual(['%PDF']);
    expect(await readFile(storage.resultPath(ID, 3), 'latin1')).toBe('%PDF');
    await expect(stat(storage.partialPath(ID, 3))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('removes everything of a job, and accepts a job without files', async () => {
    storage.createUploadFolder(ID);
    await writeFile(storage.inputPath(ID, 0), 'x');
    storage.createRunFolder(ID, 1);
    await storage.removeJob(ID);
    await storage.removeJob(ID);
    expect(await readdir(storage.uploads)).toEqual([]);
    expect(await readdir(storage.temp)).toEqual([]);
  });

  it('removes small inputs without the thread pool', async () => {
    storage.createUploadFolder(ID);
    await writeFile(storage.inputPath(ID, 0), 'x');
    const before = process.getActiveResourcesInfo();
    const removed = storage.removeInputs(ID, 1);
    expect(process.getActiveResourcesInfo()).toEqual(before);
    expect(existsSync(storage.uploadFolder(ID))).toBe(false);
    await removed;
  });

  it.each([
    ['large inputs', 1, 2_000_000],
    ['many inputs', 12, 1],
  ])('removes %s with their folder', async (_name, count, bytes) => {
    storage.createUploadFolder(ID);
    for (let position = 0; position < count; position++)
      await writeFile(storage.inputPath(ID, position), Buffer.alloc(bytes));
    await storage.removeInputs(ID, count);
    expect(await readdir(storage.uploads)).toEqual([]);
  });

  it('keeps folders from others', async () => {
    storage.createUploadFolder(ID);
    expect((await stat(storage.uploadFolder(ID))).mode & 0o7).toBe(0);
  });

  it('lists job folders by what was written to them last', async () => {
    const long = new Date(1_000_000_000_000);
    storage.createUploadFolder(ID);
    await writeFile(storage.inputPath(ID, 0), 'x');
    await utimes(storage.inputPath(ID, 0), long, long);
    await mkdir(join(storage.temp, 'stray'));
    await utimes(join(storage.temp, 'stray'), long, long);
    const found = new Map<string, number>();
    for await (const { id, modified } of storage.jobFolders()) found.set(id, modified);
    expect(found.get('stray')).toBe(long.getTime());
    expect(found.get(ID)).toBeGreaterThan(long.getTime());
  });

  it('returns the space of its file system', async () => {
    const { free, total } = await storage.space();
    expect(total).toBeGreaterThan(free);
    expect(free).toBeGreaterThan(0);
  });
});

describe('file errors', () => {
  it('are distinguished by their code', () => {
    expect(isMissing(Object.assign(new Error(), { code: 'ENOENT' }))).toBe(true);
    expect(isDiskFull(Object.assign(new Error(), { code: 'ENOSPC' }))).toBe(true);
    expect(isDiskFull(Object.assign(new Error(), { code: 'EDQUOT' }))).toBe(true);
    expect(isDiskFull(new Error('ENOSPC'))).toBe(false);
  });
});
