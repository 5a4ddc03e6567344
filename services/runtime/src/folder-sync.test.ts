import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FolderSync } from './folder-sync.js';

describe('FolderSync', () => {
  it('resolves for concurrent and later callers', async () => {
    const path = await mkdtemp(join(tmpdir(), 'folder-sync-'));
    const folder = new FolderSync(path);
    await Promise.all([folder.sync(), folder.sync(), folder.sync()]);
    await folder.sync();
    await folder.close();
    await rm(path, { recursive: true });
  });

  it('rejects if the folder does not exist', async () => {
    const folder = new FolderSync('/nonexistent/uploads');
    await expect(folder.sync()).rejects.toThrow('ENOENT');
    await expect(Promise.all([folder.sync(), folder.sync()])).rejects.toThrow('ENOENT');
  });
});
