import { LOG_LEVEL_PREFIX } from '@pdf-tools/runtime/log-level';

/** Name of bee-queue's queue. */
export const NOTIFICATION_QUEUE = 'pdf';

/**
 * Every key that the product has in Redis. A name that ends with a colon is the beginning of a family of
 * keys; the comment names the rest. The Lua files write `keys.queued`; scripts.ts fills in the name.
 */
export const KEYS = {
  /** The record of a job, a hash by job id. */
  job: 'pdf:job:',
  /** Sorted set of queued jobs by their creation time. Together with `active` it lists all unfinished jobs. */
  queued: 'pdf:queued',
  /** Sorted set of running jobs by the end of their lease. */
  active: 'pdf:active',
  /** Sorted set of deferred jobs by the time from which they may be claimed. */
  delayed: 'pdf:delayed',
  /** Queued jobs that may be claimed, a sorted set by lane with their fair-queueing tags. */
  lane: 'pdf:lane:',
  /** The highest tag that was served. */
  virtualTime: 'pdf:vtime',
  /** Hash of the last tag of each client that has queued jobs. */
  clientTags: 'pdf:tags',
  /** Size of the inputs of all queued jobs. */
  queuedBytes: 'pdf:queued-bytes',
  /** Hash of the number of unfinished jobs of each client. */
  clientJobs: 'pdf:client-jobs',
  /** Hash of the size of the inputs of each client's unfinished jobs. */
  clientBytes: 'pdf:client-bytes',
  /** Sorted set of finished jobs by the end of their retention. */
  expiry: 'pdf:expiry',
  /** Sorted set of dead-lettered jobs by the time of their failure. */
  deadLetters: 'pdf:dead',
  /** List of the times at which the last jobs ended. */
  completions: 'pdf:pace',
  /** What remains of an expired job, JSON by job id. */
  tombstone: 'pdf:tombstone:',
  /** Job id by the hash of an idempotency key. */
  idempotency: 'pdf:idempotency:',
  /** Sorted set of jobs with a pending webhook by the time of the next attempt. */
  webhooks: 'pdf:webhooks',
  /** The record at the end of the job and the number of attempts so far, a hash by job id. */
  webhook: 'pdf:webhook:',
  /** Sorted set of workers by their last heartbeat. */
  workers: 'pdf:workers',
  /** What a worker reports with each heartbeat, JSON by worker name. */
  worker: 'pdf:worker:',
  /** Counters of the api's rate limit by client. */
  rate: 'pdf:rate:',
  /** Level by service name, while an operator has changed it. */
  logLevel: LOG_LEVEL_PREFIX,
  /** bee-queue's keys, which carry the notifications. */
  notifications: `bq:${NOTIFICATION_QUEUE}:`,
} as const;

export type KeyName = keyof typeof KEYS;

/** Every channel that the product publishes on. The Lua files write `channels.events`. */
export const CHANNELS = {
  /** Each change of a job as JSON. */
  events: 'pdf:events',
  /** Ids of running jobs that must stop. */
  stop: 'pdf:stop',
} as const;

export type ChannelName = keyof typeof CHANNELS;
