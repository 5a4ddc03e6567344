import type { AdmissionLimits } from '@pdf-tools/jobs/admission';
import type { Environment } from '@pdf-tools/runtime/config';
import { commonConfig, decimal, integer, onOff, secret, text } from '@pdf-tools/runtime/config';
import { redisConfig, replicasConfig } from '@pdf-tools/runtime/redis-config';
import { s3PublicEndpoint, storageConfig } from '@pdf-tools/runtime/storage-config';
import { tracingConfig } from '@pdf-tools/runtime/tracing';
import { webhookConfig } from '@pdf-tools/jobs/webhook-config';
import { z } from 'zod';

/** Every variable of the api. `.env.example` is generated from it. */
export const apiConfig = z.object({
  PORT: integer({ default: 8000, min: 0, max: 65_535, description: 'Port to listen on' }),
  HOST: text({ default: '127.0.0.1', description: 'Address to listen on' }),
  ADMIN_PORT: integer({ default: 8001, min: 0, max: 65_535, description: 'Port of the admin listener' }),
  ADMIN_HOST: text({ default: '127.0.0.1', description: 'Address of the admin listener' }),
  ADMIN_KEY: secret({
    min: 16,
    description:
      'Key of the admin listener (make jobs, workers, events, dead-letters, retry). Empty disables the listener',
  }),
  ALLOWED_ORIGINS: text({
    default: '',
    description: 'Origins whose pages may call the API, separated by commas. Empty for none',
  }),
  API_KEYS: secret({
    description:
      'API keys as name:key or name:sha256:HEX, separated by commas, or one per line in a file (make key). Limits of a key ' +
      'follow it as ;rate=REQUESTS (in 2 seconds) and ;upload=BYTES. Empty for an API without keys',
  }),
  RATE_LIMIT: onOff({
    default: true,
    description: 'Limit each API key, or each address without keys, to 40 requests in 2 seconds',
  }),
  TRUST_PROXY: integer({
    default: 0,
    max: 10,
    description: 'Number of trusted proxies in front of the api, for X-Forwarded-For',
  }),
  X_ACCEL: onOff({ default: false, description: 'Let nginx send the results (X-Accel-Redirect)' }),
  SYNC_WAIT_SECONDS: integer({
    default: 110,
    max: 3_600,
    description:
      'Seconds after which a waiting request is answered with 202. Keep it below the read timeout of the proxy',
  }),
  MAX_UPLOAD_BYTES: integer({
    default: 52_428_800,
    min: 1,
    description: 'Limit of the total size of the files of a request, in bytes',
  }),
  FILE_MAX_AGE_HOURS: decimal({ default: 1, description: 'Hours that results are kept after the end of a job' }),
  QUEUE_MAX_JOBS: integer({
    default: 1_000,
    min: 1,
    description: 'Limit of unfinished jobs. Further ones are refused with 429',
  }),
  QUEUE_MAX_BYTES: integer({
    default: 4_294_967_296,
    min: 1,
    description: 'Limit of the total size of queued files in bytes. Further jobs are refused with 429',
  }),
  QUEUE_MAX_JOBS_PER_CLIENT: integer({
    default: 0,
    description:
      'Limit of unfinished jobs of one client, which is an API key or, without keys, an address. ' +
      '0 for half of QUEUE_MAX_JOBS, but at least 10',
  }),
  QUEUE_MAX_BYTES_PER_CLIENT: integer({
    default: 0,
    description: 'Limit of the total size of the files of these jobs in bytes. 0 for half of QUEUE_MAX_BYTES',
  }),
  DISK_RESERVE_BYTES: integer({
    default: 0,
    description:
      'Free bytes that uploads leave on the volume. Further uploads are refused with 507. 0 for the larger of 1 GiB and 5 %',
  }),
  ...replicasConfig,
  SHUTDOWN_GRACE_SECONDS: integer({
    default: 125,
    min: 1,
    description: 'Seconds that requests in progress have to end after SIGTERM',
  }),
  ...webhookConfig,
  BUILD_VERSION: text({ default: 'dev', description: 'Version that /version reports' }),
  BUILD_REVISION: text({ default: 'unknown', description: 'Source revision that /version reports' }),
  ...redisConfig,
  S3_PUBLIC_ENDPOINT: s3PublicEndpoint,
  ...commonConfig,
  ...storageConfig,
  ...tracingConfig,
});

/** Half of a small queue would be too few jobs for one client. */
const MIN_CLIENT_JOBS = 10;

/** Returns the limits of the queue in total and for one client, which never exceed those in total. */
export function admissionLimits(config: ApiConfig): AdmissionLimits {
  const { QUEUE_MAX_JOBS: jobs, QUEUE_MAX_BYTES: bytes } = config;
  const clientJobs = config.QUEUE_MAX_JOBS_PER_CLIENT || Math.max(MIN_CLIENT_JOBS, Math.floor(jobs / 2));
  const clientBytes = config.QUEUE_MAX_BYTES_PER_CLIENT || Math.ceil(bytes / 2);
  return { jobs, bytes, clientJobs: Math.min(jobs, clientJobs), clientBytes: Math.min(bytes, clientBytes) };
}

export type ApiConfig = z.output<typeof apiConfig>;

/** Returns the file that the API keys come from, or an empty string if the environment holds the keys themselves. */
export function apiKeysFile(environment: Environment): string {
  return environment.API_KEYS ? '' : (environment.API_KEYS_FILE ?? '');
}
