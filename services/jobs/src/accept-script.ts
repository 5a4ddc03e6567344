import { REFUSAL } from './admission-scripts.js';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import { FINISHES, JOB } from './job-script-parts.js';
import { TAG_NEW_JOB } from './queue-scripts.js';

const RETRYABLE = Object.entries(ERROR_CODES).flatMap(([code, kind]) =>
  'retryable' in kind ? [`${code} = true`] : [],
);

/** Number of arguments before the record's fields. */
export const ACCEPT_ARGUMENTS = 10;

/**
 * ARGV: id, idempotency key (empty for none), fingerprint of the call, client, bytes of the inputs, the four limits of
 * `refusal`, cost, then the record's fields as name, value, … Returns { 'accepted', id, how many wait before it, the
 * record as name, value, … }; { 'replayed', id } with the job that an earlier call made under the key; { 'conflict' } if
 * that was another call; { 'taken' } if the id is in use; { 'refused', why }. A job that is gone, or failed in a way
 * that may pass, gives its key to the new one.
 *
 * It may run when Redis is full: it refuses by itself, long before, and says so better than Redis does.
 */
export const accept = `${FINISHES}
${JOB}
${REFUSAL}
local retryable = {${RETRYABLE.join(', ')}}
local function repeats(earlier)
  local state = redis.call('HMGET', 'pdf:job:' .. earlier, 'status', 'fingerprint', 'expires_at', 'error')
  if not state[1] or (state[3] and tonumber(state[3]) <= now) then return nil end
  if state[2] ~= ARGV[3] then return {'conflict'} end
  if state[1] == 'failed' and state[4] and retryable[cjson.decode(state[4]).code] then return nil end
  return {'replayed', earlier}
end
if redis.call('EXISTS', job) == 1 then return {'taken'} end
local key = 'pdf:idempotency:' .. ARGV[2]
local earlier = ARGV[2] ~= '' and redis.call('GET', key)
local outcome = earlier and repeats(earlier)
if outcome then return outcome end
local limits = {tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])}
local refused = refusal(ARGV[4], tonumber(ARGV[5]), limits)
if refused then return {'refused', refused} end
redis.call('HSET', job, 'status', 'queued', 'percent', 0, 'stage', 'queued', 'attempts', 0, 'interruptions', 0,
  'fence', 0, 'version', 1, 'created_at', now, unpack(ARGV, ${ACCEPT_ARGUMENTS + 1}))
if ARGV[2] ~= '' then
  redis.call('SET', key, id)
  redis.call('HSET', job, 'idempotency_key', ARGV[2], 'fingerprint', ARGV[3])
end
${TAG_NEW_JOB}
enqueue()
count_client(1)
return {'accepted', id, redis.call('ZRANK', 'pdf:lane:' .. redis.call('HGET', job, 'lane'), id),
  unpack(redis.call('HGETALL', job))}`;
