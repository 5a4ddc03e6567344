import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobStore } from '@pdf-tools/jobs/store';
import { createLogger } from '@pdf-tools/runtime/logger';
import { createRedis } from '@pdf-tools/runtime/redis';
import { S3Storage } from '@pdf-tools/runtime/s3/s3-storage';
import type { Storage } from '@pdf-tools/runtime/storage';
import { VolumeStorage } from '@pdf-tools/runtime/volume';
import { createSchedulerMetrics } from '../metrics.js';
import { createSweep } from './sweep.js';

const UNREACHABLE = {
  endpoint: 'http://127.0.0.1:1',
  publicEndpoint: undefined,
  region: 'us-east-1',
  bucket: 'files',
  accessKeyId: 'AK',
  secretAccessKey: 'SK',
  forcePathStyle: true,
};

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sweep-'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('the sweep without Redis', () => {
  it.each<[string, () => Storage]>([
    ['an object storage that is unavailable', () => S3Storage.open(UNREACHABLE, root)],
    ['a volume whose folders do not exist', () => new VolumeStorage(join(root, 'missing'))],
  ])('reports the error of Redis with %s', async (_what, open) => {
    const log = createLogger({ service: 'test', level: 'error' });
    const sweep = createSweep({
      store: new JobStore(createRedis({ url: 'redis://127.0.0.1:1' }, log)),
      storage: open(),
      log,
      intervalMs: 1_000,
      fileMaxAgeHours: 1,
      queueMaxAgeHours: 1,
      metrics: createSchedulerMetrics({ version: '', revision: '' }),
    });
    await expect(sweep.run()).rejects.toThrow('The client is closed');
  });
});
