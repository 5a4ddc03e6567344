import { CLIENT_FUNCTIONS } from './admission-scripts.js';
import { DEAD_LETTER, DEAD_LETTER_FUNCTIONS } from './dead-letter-scripts.js';
import { QUEUE_FUNCTIONS } from './queue-scripts.js';
import { WEBHOOK_FUNCTIONS } from './webhook-scripts.js';

/** What the scripts of job-scripts.ts are made of. Sets `now`, by Redis's own clock. */
export const CLOCK = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

/** Redis may be full: then it takes no new job, but what was accepted is still finished. */
export const FINISHES = '#!lua flags=allow-oom';

/** What scripts do with the job whose id is in `id`. */
export const FUNCTIONS = `
local job = 'pdf:job:' .. id
${QUEUE_FUNCTIONS}${CLIENT_FUNCTIONS}${DEAD_LETTER_FUNCTIONS}${WEBHOOK_FUNCTIONS}
-- Before a record is deleted, never after: the count would make it again.
local function publish(status, extra)
  redis.call('HINCRBY', job, 'version', 1)
  local event = extra or {}
  event.id = id
  event.status = status
  redis.call('PUBLISH', 'pdf:events', cjson.encode(event))
end
local function finish(status, field, value)
  local retain = tonumber(redis.call('HGET', job, 'retain')) * 1000
  redis.call('HSET', job, 'status', status, 'finished_at', now, 'expires_at', now + retain)
  if field then redis.call('HSET', job, field, value) end
  if status == 'succeeded' then redis.call('HSET', job, 'percent', 100, 'stage', 'done') end
  redis.call('HDEL', job, 'lease_until', 'worker')
  dequeue()
  redis.call('ZREM', 'pdf:active', id)
  redis.call('ZADD', 'pdf:expiry', now + retain, id)
  keep_pace()
  count_client(-1)
  if not redis.call('ZSCORE', 'pdf:dead', id) then shrink(job) end
  publish(status)
  owe_webhook()
end
${DEAD_LETTER}local function requeue(stage, due)
  redis.call('HSET', job, 'status', 'queued', 'percent', 0, 'stage', stage)
  redis.call('HDEL', job, 'lease_until', 'worker')
  redis.call('ZREM', 'pdf:active', id)
  enqueue(due)
  publish('queued')
end
local function held(fence)
  local state = redis.call('HMGET', job, 'status', 'fence')
  return state[1] == 'active' and state[2] == fence
end
local function unfinished(status)
  return status == 'queued' or status == 'active'
end
local function forget()
  local key = redis.call('HGET', job, 'idempotency_key')
  if key and redis.call('GET', 'pdf:idempotency:' .. key) == id then redis.call('DEL', 'pdf:idempotency:' .. key) end
  redis.call('DEL', job)
end
`;

/** For a script about one job, whose id is ARGV[1]. */
export const JOB = `${CLOCK}
local id = ARGV[1]
${FUNCTIONS}`;
