import type { components } from './schema.js';

export type Problem = components['schemas']['Problem'];
export type Job = components['schemas']['Job'];
export type ErrorCode = Problem['code'];
export type ErrorItem = Problem['errors'][number];
export type JobResult = NonNullable<Job['result']>;

/** The body of /api/limits, as far as the page uses it. */
export interface Limits {
  readonly max_upload_bytes: number;
  readonly max_retain_seconds: number;
}
