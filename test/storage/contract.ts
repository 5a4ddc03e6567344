import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { newJobId } from '@pdf-tools/jobs/store';
import { digestOfInputs } from '@pdf-tools/runtime/digest';
import type { FileRange, Run, RunFiles, Storage } from '@pdf-tools/runtime/storage';

/** Larger than two parts of a multipart upload, and no multiple of anything. */
export const LARGE_BYTES = 14_000_003;

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Stores a file as an upload does. Returns its digest. */
export async function storeInput(storage: Storage, id: string, position: number, content: Buffer): Promise<string> {
  const digest = sha256(content);
  const writer = storage.openInput(id, position);
  try {
    for (let start = 0; start < content.length; start += 65_536)
      await writer.add(content.subarray(start, start + 65_536));
    await writer.finish(digest);
  } finally {
    await writer.close();
  }
  return digest;
}

/** Stores the inputs of a job and returns its run. */
export async function storeJob(storage: Storage, contents: readonly Buffer[], fence = 1): Promise<Run> {
  const id = newJobId();
  storage.createUploadFolder(id);
  const digests: string[] = [];
  for (const [position, content] of contents.entries()) digests.push(await storeInput(storage, id, position, content));
  await storage.finishUpload(id);
  const inputs = contents.map(({ length }, position) => ({ name: `${position}.pdf`, bytes: length }));
  return { id, fence, inputs, inputs_sha256: digestOfInputs(digests) };
}

/** Publishes a result as the worker does. */
export async function publish(files: RunFiles, content: Buffer, inspect = (): void => undefined): Promise<void> {
  writeFileSync(files.outputPath, content);
  const output = { bytes: content.length, sha256: sha256(content), mediaType: 'application/pdf' };
  await files.publish(output, inspect);
}

export async function bytesOf(read: Promise<Buffer | Readable>): Promise<Buffer> {
  const bytes = await read;
  if (Buffer.isBuffer(bytes)) return bytes;
  const chunks: Buffer[] = [];
  for await (const chunk of bytes as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The promises of `Storage` that the services build on. Each storage keeps them. */
export function describeStorage(name: string, open: (root: string) => Promise<Storage>): void {
  describe(`files in ${name}`, () => {
    const contents = [randomBytes(LARGE_BYTES), Buffer.from('%PDF-1.7 small'), randomBytes(400_000)];
    const ongoing = new AbortController().signal;
    let root: string;
    let storage: Storage;
    const openRun = (run: Run): Promise<RunFiles> => storage.openRun(run, storage.slots, ongoing);
    const read = (run: Run, content: Buffer, range: FileRange): Promise<Buffer> => {
      const result = { fence: run.fence, bytes: content.length, sha256: sha256(content) };
      return bytesOf(storage.readResult(run.id, result, range));
    };

    beforeAll(async () => {
      root = mkdtempSync(join(tmpdir(), 'storage-contract-'));
      storage = await open(root);
      storage.prepare();
    });
    afterAll(() => {
      rmSync(root, { recursive: true, force: true });
    });

    it('can be used', async () => {
      await storage.check();
      const { free, total } = await storage.space();
      expect(total).toBeGreaterThan(free);
    });

    it('gives a run its inputs as they were sent, in their order', async () => {
      const run = await storeJob(storage, contents);
      const files = await openRun(run);
      expect(files.inputs.map((path) => sha256(readFileSync(path)))).toEqual(contents.map(sha256));
      expect(statSync(files.inputs[0] ?? '').mode & 0o7).toBe(0);
      await files.close();
    });

    it('returns a published result, whole and in parts', async () => {
      const [content = Buffer.alloc(0)] = contents;
      const run = await storeJob(storage, [Buffer.from('x')]);
      const files = await openRun(run);
      await publish(files, content);
      await files.close();
      expect(await storage.hasResult(run.id, run.fence)).toBe(true);
      expect((await read(run, content, { start: 0, end: content.length - 1 })).equals(content)).toBe(true);
      for (const [start, end] of [
        [0, 0],
        [6_291_450, 6_291_470],
        [10, 7_000_000],
        [content.length - 3, content.length - 1],
      ] as const)
        expect((await read(run, content, { start, end })).equals(content.subarray(start, end + 1))).toBe(true);
    });

    it('publishes nothing that the inspection refuses', async () => {
      const run = await storeJob(storage, [Buffer.from('x')]);
      const files = await openRun(run);
      const refuse = (): never => {
        throw new Error('not a PDF');
      };
      await expect(publish(files, Buffer.from('%PNG'), refuse)).rejects.toThrow('not a PDF');
      await files.discard();
      await files.close();
      expect(await storage.hasResult(run.id, run.fence)).toBe(false);
    });

    it('keeps the results of two runs of a job apart, and discards one', async () => {
      const first = await storeJob(storage, [Buffer.from('x')]);
      const second = { ...first, fence: 2 };
      const files = [await openRun(first), await openRun(second)] as const;
      await publish(files[0], Buffer.from('of the first'));
      await publish(files[1], Buffer.from('of the second'));
      await files[0].discard();
      for (const each of files) await each.close();
      expect(await storage.hasResult(first.id, 1)).toBe(false);
      expect((await read(second, Buffer.from('of the second'), { start: 0, end: 12 })).toString()).toBe(
        'of the second',
      );
    });

    it('leaves no local copy when a run is closed', async () => {
      const run = await storeJob(storage, [Buffer.from('x')]);
      const files = await openRun(run);
      await files.close();
      expect(readdirSync(storage.slots)).toEqual([]);
    });

    it('returns a report, and undefined for one that does not exist', async () => {
      const run = await storeJob(storage, [Buffer.from('x')]);
      const files = await openRun(run);
      await files.writeReport('{"pages":1}');
      await publish(files, Buffer.from('%PDF'));
      await files.close();
      expect(await storage.readReport(run.id, run.fence)).toBe('{"pages":1}');
      expect(await storage.readReport(newJobId(), 1)).toBeUndefined();
    });

    it('keeps secrets until they are removed', async () => {
      const { id } = await storeJob(storage, [Buffer.from('x')]);
      await storage.writeSecret(id, '["password"]');
      expect(await storage.readSecret(id)).toBe('["password"]');
      await storage.removeSecret(id);
      await storage.removeSecret(id);
      expect(await storage.readSecret(id)).toBeUndefined();
      expect(await storage.hasInputs(id, 1)).toBe(true);
    });

    it('gives every service the same key for hashes', async () => {
      const others = await Promise.all([open(root), open(root), open(root)]);
      const keys = await Promise.all([storage, ...others].map((each) => each.hashKey()));
      const later = await (await open(root)).hashKey();
      expect(later).toHaveLength(32);
      expect(keys.at(-1)?.equals(later)).toBe(true);
    });

    it('never writes over an input', async () => {
      const { id } = await storeJob(storage, [Buffer.from('the first')]);
      await expect(storeInput(storage, id, 0, Buffer.from('another'))).rejects.toThrow();
    });

    it('rejects with ENOENT for a result that does not exist', async () => {
      const id = newJobId();
      expect(await storage.hasResult(id, 1)).toBe(false);
      const result = { fence: 1, bytes: 4, sha256: sha256(Buffer.from('%PDF')) };
      await expect(storage.readResult(id, result, { start: 0, end: 3 })).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('removes the inputs and secrets of a job and keeps its result', async () => {
      const run = await storeJob(storage, contents);
      await storage.writeSecret(run.id, '[]');
      const files = await openRun(run);
      await publish(files, Buffer.from('%PDF'));
      await files.close();
      await storage.removeInputs(run.id, contents.length);
      expect(await storage.hasInputs(run.id, 1)).toBe(false);
      expect(await storage.readSecret(run.id)).toBeUndefined();
      expect(await storage.hasResult(run.id, 1)).toBe(true);
      await storage.removeInputs(run.id, contents.length);
    });

    it('removes everything of a job, which may have nothing', async () => {
      const run = await storeJob(storage, contents.slice(1));
      const files = await openRun(run);
      await publish(files, Buffer.from('%PDF'));
      await files.close();
      expect(await folders()).toContain(run.id);
      await storage.removeJob(run.id);
      await storage.removeJob(run.id);
      expect(await folders()).not.toContain(run.id);
    });

    it('removes an upload', async () => {
      const { id } = await storeJob(storage, contents.slice(1));
      expect([await storage.hasInputs(id, 2), await storage.hasInputs(id, 3)]).toEqual([true, false]);
      await storage.removeUploads(id);
      await storage.removeUploads(id);
      expect(await folders()).not.toContain(id);
    });

    it('lists jobs with the time of their last change', async () => {
      const before = Date.now() - 5_000;
      const { id } = await storeJob(storage, [Buffer.from('x')]);
      for await (const job of storage.jobFolders()) if (job.id === id) expect(job.modified).toBeGreaterThan(before);
      expect(await folders()).toContain(id);
    });

    it('stops to open a run when the job is stopped', async () => {
      if (storage.isLocal) return;
      const run = await storeJob(storage, contents);
      const stop = new AbortController();
      const opening = storage.openRun(run, storage.slots, stop.signal);
      stop.abort();
      await expect(opening).rejects.toThrow();
      expect(readdirSync(storage.slots)).toEqual([]);
    });

    async function folders(): Promise<string[]> {
      const ids: string[] = [];
      for await (const { id } of storage.jobFolders()) ids.push(id);
      return ids;
    }
  });
}
