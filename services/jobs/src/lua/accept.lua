#!lua flags=allow-oom
-- Stores a new job as queued, within the limits, unless an earlier call with the same idempotency key made one. An
-- earlier job that is gone, or that failed with a retryable error, gives its key to the new job. The script refuses
-- jobs long before Redis is full, so it may run when Redis is full.
--
-- KEYS active, clientBytes, clientJobs, clientTags, delayed, idempotency, job, lane, notifications, queued,
--   queuedBytes, virtualTime
--
-- ARGV[1] job id                       ARGV[2] idempotency key, empty for none
-- ARGV[3] fingerprint of the call      ARGV[4] client
-- ARGV[5] bytes of the inputs          ARGV[6] to ARGV[9] the limits of `refusal`
-- ARGV[10] cost in fair queueing       ARGV[11]… fields of the record as name, value, …
--
-- Returns {'accepted', id, number of jobs before it in its lane, record as name, value, …}, {'replayed', earlier id},
-- {'conflict'} if the key stands for another call, {'taken'} if the id is in use, or {'refused', limit}.
-- @include clock
-- @include job
-- @include enqueue
-- @include client-usage
-- @include admission
-- @include fair-tag
local retryable = constants.RETRYABLE_CODES
local function answer_of(earlier)
  local state = redis.call('HMGET', keys.job .. earlier, 'status', 'fingerprint', 'expires_at', 'error')
  if not state[1] or (state[3] and tonumber(state[3]) <= now) then return nil end
  if state[2] ~= ARGV[3] then return {'conflict'} end
  if state[1] == 'failed' and state[4] and retryable[cjson.decode(state[4]).code] then return nil end
  return {'replayed', earlier}
end

if redis.call('EXISTS', job) == 1 then return {'taken'} end
local idempotency = keys.idempotency .. ARGV[2]
local earlier = ARGV[2] ~= '' and redis.call('GET', idempotency)
local answer = earlier and answer_of(earlier)
if answer then return answer end
local limits = {tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])}
local refused = refusal(ARGV[4], tonumber(ARGV[5]), limits)
if refused then return {'refused', refused} end

redis.call('HSET', job, 'status', 'queued', 'percent', 0, 'stage', 'queued', 'attempts', 0, 'interruptions', 0,
  'fence', 0, 'version', 1, 'created_at', now, unpack(ARGV, 11))
if ARGV[2] ~= '' then
  redis.call('SET', idempotency, id)
  redis.call('HSET', job, 'idempotency_key', ARGV[2], 'fingerprint', ARGV[3])
end
tag_job(tonumber(ARGV[10]))
enqueue()
count_client(1)
return {'accepted', id, redis.call('ZRANK', keys.lane .. redis.call('HGET', job, 'lane'), id),
  unpack(redis.call('HGETALL', job))}
