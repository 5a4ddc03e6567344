import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { S3Storage } from '@pdf-tools/runtime/s3/s3-storage';
import type { S3Settings } from '@pdf-tools/runtime/storage-config';

/** The object storage that scripts/test-storage.sh starts. */
export const ENDPOINT = process.env.S3_TEST_ENDPOINT ?? 'http://127.0.0.1:18190';
const KEYS = { accessKeyId: 'AK', secretAccessKey: 'SK' };
const REGION = 'us-east-1';

/** A bucket of one test. */
export class TestBucket {
  readonly client = new S3Client({ endpoint: ENDPOINT, region: REGION, forcePathStyle: true, credentials: KEYS });
  readonly name = `test-${randomBytes(6).toString('hex')}`;

  static async create(): Promise<TestBucket> {
    const bucket = new TestBucket();
    await bucket.client.send(new CreateBucketCommand({ Bucket: bucket.name }));
    return bucket;
  }

  get settings(): S3Settings {
    const fixed = { endpoint: ENDPOINT, publicEndpoint: undefined, region: REGION, forcePathStyle: true };
    return { ...fixed, bucket: this.name, ...KEYS };
  }

  /** Settings of a service that stores its files here, directly or through a proxy. */
  environment(endpoint = ENDPOINT): Record<string, string> {
    return {
      STORAGE: 's3',
      S3_ENDPOINT: endpoint,
      S3_BUCKET: this.name,
      S3_ACCESS_KEY_ID: KEYS.accessKeyId,
      S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    };
  }

  /** Opens the bucket as a service does. `root` is its local folder. */
  open(root: string, endpoint = ENDPOINT, publicEndpoint?: string): S3Storage {
    return S3Storage.open({ ...this.settings, endpoint, publicEndpoint }, root);
  }

  /** The keys of all objects. */
  async keys(): Promise<string[]> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket: this.name }));
    return Contents.map(({ Key = '' }) => Key);
  }

  /** The keys of all uploads that were begun and not completed. */
  async unfinished(): Promise<string[]> {
    const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket: this.name }));
    return Uploads.map(({ Key = '' }) => Key);
  }
}
