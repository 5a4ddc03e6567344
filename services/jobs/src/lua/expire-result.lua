#!lua flags=allow-oom
-- Ends the retention of a job. A tombstone (owner and expiry) replaces the record for one more retention period.
--
-- KEYS deadLetters, expiry, idempotency, job, tombstone
--
-- ARGV[1] job id
--
-- Returns 1, or 0 if the retention has not ended.
-- @include clock
-- @include job
-- @include publish
-- @include forget
local state = redis.call('HMGET', job, 'expires_at', 'retain', 'owner')
redis.call('ZREM', keys.deadLetters, id)
if not state[1] then
  redis.call('ZREM', keys.expiry, id)
  return 1
end
if tonumber(state[1]) > now then return 0 end
redis.call('ZREM', keys.expiry, id)
publish('expired')
forget()
redis.call('SET', keys.tombstone .. id, cjson.encode({expires_at = tonumber(state[1]), owner = state[3]}),
  'PX', math.max(60000, tonumber(state[2]) * 1000))
return 1
