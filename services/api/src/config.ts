import type { AdmissionLimits } from '@pdf-tools/jobs/admission';
import type { Environment } from '@pdf-tools/runtime/config';
import { commonConfig, decimal, integer, onOff, secret, text } from '@pdf-tools/runtime/config';
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
    description: 'Key of the admin listener (make jobs, workers, events, dead, retry); without one it does not start',
  }),
  ALLOWED_ORIGINS: text({
    default: '',
    description: 'Origins whose pages may call the API, separated by commas; empty for none',
  }),
  API_KEYS: secret({
    description:
      'Keys as name:key or name:sha256:HEX, with limits of their own as ;rate=CALLS (in 2 seconds) and ;upload=BYTES, ' +
      'separated by commas, in a file also one per line (make key); empty for an API without keys',
  }),
  RATE_LIMIT: onOff({ default: true, description: 'Limit calls to 40 per 2 seconds per key, else per address' }),
  TRUST_PROXY: integer({
    default: 0,
    max: 10,
    description: 'Number of proxies in front whose X-Forwarded-For is believed',
  }),
  X_ACCEL: onOff({ default: false, description: 'Let nginx send results (X-Accel-Redirect below /_results/)' }),
  SYNC_WAIT_SECONDS: integer({
    default: 110,
    max: 3_600,
    description: 'Seconds after which a waiting call is answered with 202; keep it below the proxy’s read time-out',
  }),
  MAX_UPLOAD_BYTES: integer({
    default: 52_428_800,
    min: 1,
    description: 'Most bytes of all files of one call together',
  }),
  FILE_MAX_AGE_HOURS: decimal({ default: 1, description: 'Hours that results are kept after a job has ended' }),
  QUEUE_MAX_JOBS: integer({ default: 1_000, min: 1, description: 'Unfinished jobs above which new ones get 429' }),
  QUEUE_MAX_BYTES: integer({
    default: 4_294_967_296,
    min: 1,
    description: 'Bytes of waiting files above which new jobs get 429',
  }),
  QUEUE_MAX_JOBS_PER_CLIENT: integer({
    default: 0,
    description:
      'Unfinished jobs of one client (API key, else address) above which its new ones get 429; ' +
      '0 for half of QUEUE_MAX_JOBS, and for 10 if that is less',
  }),
  QUEUE_MAX_BYTES_PER_CLIENT: integer({
    default: 0,
    description: 'Bytes of the files of these jobs above which its new ones get 429; 0 for half of QUEUE_MAX_BYTES',
  }),
  DISK_RESERVE_BYTES: integer({
    default: 0,
    description: 'Free bytes below which uploads get 507; 0 for the larger of 1 GiB and 5 % of the volume',
  }),
  SHUTDOWN_GRACE_SECONDS: integer({
    default: 125,
    min: 1,
    description: 'Seconds that calls in flight have to end after SIGTERM',
  }),
  ...webhookConfig,
  BUILD_VERSION: text({ default: 'dev', description: 'Version that /version tells' }),
  BUILD_REVISION: text({ default: 'unknown', description: 'Source revision that /version tells' }),
  ...commonConfig,
  ...tracingConfig,
});

/** Half of a small queue is too little to work with. */
const MIN_CLIENT_JOBS = 10;

/** What the queue takes of all clients and of each; a client never gets more than all. */
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
