import type { Logger } from './logger.js';
import type { Storage } from './storage.js';
import { s3Settings } from './storage-config.js';
import type { StorageConfig } from './storage-config.js';
import { VolumeStorage } from './volume.js';

/** Returns the storage that the configuration names. The S3 client is loaded only if it is needed. */
export async function openStorage(config: StorageConfig, log: Logger): Promise<Storage> {
  if (config.STORAGE === 'volume') return new VolumeStorage(config.DATA_DIR);
  const settings = s3Settings(config);
  const { S3Storage } = await import('./s3/s3-storage.js');
  const storage = S3Storage.open(settings, config.DATA_DIR);
  // A wrong address, bucket or key shows in the log. The service starts all the same, as it does without Redis.
  storage.check().catch((error: unknown) => {
    log.error('storage not usable', { endpoint: settings.endpoint, bucket: settings.bucket, error });
  });
  return storage;
}
