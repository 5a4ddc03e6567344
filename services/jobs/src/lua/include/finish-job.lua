-- Needs `id`, `job` and `now`. Ends the job and stores `value` in `field`.
-- @include dequeue
-- @include client-usage
-- @include shrink
-- @include publish
-- @include webhook
local function record_completion()
  redis.call('LPUSH', keys.completions, now)
  redis.call('LTRIM', keys.completions, 0, constants.MAX_COMPLETIONS - 1)
end
local function finish(status, field, value)
  local retain = tonumber(redis.call('HGET', job, 'retain')) * 1000
  redis.call('HSET', job, 'status', status, 'finished_at', now, 'expires_at', now + retain)
  if field then redis.call('HSET', job, field, value) end
  if status == 'succeeded' then redis.call('HSET', job, 'percent', 100, 'stage', 'done') end
  redis.call('HDEL', job, 'lease_until', 'worker')
  dequeue()
  redis.call('ZREM', keys.active, id)
  redis.call('ZADD', keys.expiry, now + retain, id)
  record_completion()
  count_client(-1)
  -- A request that waits for the job takes the record from the event. That of a dead letter may be large.
  local is_dead_letter = redis.call('ZSCORE', keys.deadLetters, id)
  if not is_dead_letter then shrink(job) end
  publish(status, {record = not is_dead_letter or nil})
  enqueue_webhook()
end
