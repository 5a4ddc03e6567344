import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, readConfig, text } from './config.js';
import { s3PublicEndpoint, s3Settings, storageConfig } from './storage-config.js';

const schema = z.object({
  ...storageConfig,
  S3_PUBLIC_ENDPOINT: s3PublicEndpoint,
  DATA_DIR: text({ default: '/data', description: 'folder' }),
});
const complete = {
  STORAGE: 's3',
  S3_ENDPOINT: 'https://s3.example.org:9000',
  S3_BUCKET: 'files.of-jobs',
  S3_ACCESS_KEY_ID: 'the access key',
  S3_SECRET_ACCESS_KEY: 'the secret key',
};

function problems(environment: Record<string, string>): readonly string[] {
  try {
    s3Settings(readConfig(schema, environment));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the configuration of the storage', () => {
  it('is a volume unless it is set', () => {
    expect(readConfig(schema, {}).STORAGE).toBe('volume');
  });

  it('names a bucket', () => {
    expect(problems(complete)).toEqual([]);
    expect(s3Settings(readConfig(schema, { ...complete, S3_FORCE_PATH_STYLE: 'off' }))).toEqual({
      endpoint: 'https://s3.example.org:9000',
      publicEndpoint: undefined,
      bucket: 'files.of-jobs',
      region: 'us-east-1',
      accessKeyId: 'the access key',
      secretAccessKey: 'the secret key',
      forcePathStyle: false,
    });
  });

  it.each([
    [{ STORAGE: 'ftp' }, 'STORAGE: must be one of: volume, s3'],
    [{ S3_BUCKET: '' }, 'S3_BUCKET: must be set if STORAGE is s3'],
    [{ S3_ENDPOINT: '' }, 'S3_ENDPOINT: must be set if STORAGE is s3'],
    [{ S3_ACCESS_KEY_ID: '' }, 'S3_ACCESS_KEY_ID: must be set if STORAGE is s3'],
    [{ S3_SECRET_ACCESS_KEY: '' }, 'S3_SECRET_ACCESS_KEY: must be set if STORAGE is s3'],
    ...['s3.example.org', 'ftp://host', 'http://a:b@host', 'http://host/path', 'http://host?a', 'http://host#a'].map(
      (url) =>
        [{ S3_ENDPOINT: url }, 'S3_ENDPOINT: must be http:// or https:// with a host and an optional port'] as const,
    ),
    [
      { S3_PUBLIC_ENDPOINT: 'host' },
      'S3_PUBLIC_ENDPOINT: must be http:// or https:// with a host and an optional port',
    ],
    ...['Not A Bucket', 'ab', '../up', 'a/b'].map(
      (name) =>
        [
          { S3_BUCKET: name },
          'S3_BUCKET: must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens',
        ] as const,
    ),
  ])('refuses %j', (settings, problem) => {
    expect(problems({ ...complete, ...settings })).toEqual([problem]);
  });

  it('lists everything that is missing at once', () => {
    expect(problems({ STORAGE: 's3' }).map((problem) => problem.split(':')[0])).toEqual([
      'S3_ENDPOINT',
      'S3_BUCKET',
      'S3_ACCESS_KEY_ID',
      'S3_SECRET_ACCESS_KEY',
    ]);
  });
});
