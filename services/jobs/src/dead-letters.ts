/** Dead-lettered jobs that can be requeued, and the size of their parameters and inputs. Older ones are only listed. */
export const REQUEUEABLE = { jobs: 100, bytes: 4 * 2 ** 20 } as const;

/** Longest field of a record in Redis's compact encoding (`hash-max-listpack-value` of compose/redis.conf). */
export const MAX_COMPACT_BYTES = 1_024;

/** Bounds the search for the dead-lettered jobs that must be shrunk. It usually ends long before. */
export const MAX_DEAD_LETTERS_READ = 1_000;
