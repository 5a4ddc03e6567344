import { z } from 'zod';
import { ConfigError, choice, onOff, secret, text } from './config.js';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

function endpoint(description: string) {
  return z
    .string()
    .refine((url) => url === '' || isOrigin(url), 'must be http:// or https:// with a host and an optional port')
    .default('')
    .meta({ description });
}

/** Variables of every service that stores files. */
export const storageConfig = {
  STORAGE: choice(['volume', 's3'], {
    default: 'volume',
    description: 'Where files are stored: on the volume that all services share, or in an S3-compatible object storage',
  }),
  S3_ENDPOINT: endpoint('Address of the object storage, such as https://s3.example.org'),
  S3_BUCKET: z
    .string()
    .regex(BUCKET, 'must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens')
    .or(z.literal(''))
    .default('')
    .meta({ description: 'Bucket for the files. It must exist and be used for nothing else' }),
  S3_REGION: text({ default: 'us-east-1', description: 'Region of the bucket' }),
  S3_ACCESS_KEY_ID: secret({ description: 'Access key of the object storage' }),
  S3_SECRET_ACCESS_KEY: secret({ description: 'Secret key of the object storage' }),
  S3_FORCE_PATH_STYLE: onOff({
    default: true,
    description: 'Send the name of the bucket in the path (on) or in the host name (off)',
  }),
} as const;

/** Variable of the api, because only the api redirects clients. */
export const s3PublicEndpoint = endpoint(
  'Address of the object storage for clients. GET /api/jobs/{id}/result then redirects to it. Empty to send results from the api',
);

export interface StorageConfig {
  readonly STORAGE: 'volume' | 's3';
  readonly DATA_DIR: string;
  readonly S3_ENDPOINT: string;
  readonly S3_BUCKET: string;
  readonly S3_REGION: string;
  readonly S3_ACCESS_KEY_ID: string;
  readonly S3_SECRET_ACCESS_KEY: string;
  readonly S3_FORCE_PATH_STYLE: boolean;
  /** Only the api has it. */
  readonly S3_PUBLIC_ENDPOINT?: string;
}

/** How to reach a bucket. */
export interface S3Settings {
  readonly endpoint: string;
  readonly publicEndpoint: string | undefined;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly forcePathStyle: boolean;
}

const REQUIRED = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** Returns the settings of the object storage. Throws a ConfigError that lists every variable it needs and does not have. */
export function s3Settings(config: StorageConfig): S3Settings {
  const missing = REQUIRED.filter((name) => config[name] === '');
  if (missing.length > 0) throw new ConfigError(missing.map((name) => `${name}: must be set if STORAGE is s3`));
  return {
    endpoint: config.S3_ENDPOINT,
    publicEndpoint: config.S3_PUBLIC_ENDPOINT === '' ? undefined : config.S3_PUBLIC_ENDPOINT,
    bucket: config.S3_BUCKET,
    region: config.S3_REGION,
    accessKeyId: config.S3_ACCESS_KEY_ID,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY,
    forcePathStyle: config.S3_FORCE_PATH_STYLE,
  };
}

/** Whether a text is an http or https URL without credentials, path, query and fragment. */
function isOrigin(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(url);
  const rest = [username, password, search, hash].join('') + pathname;
  return (protocol === 'http:' || protocol === 'https:') && rest === '/';
}
