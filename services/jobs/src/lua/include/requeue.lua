-- Needs `id` and `job`. Puts a job back into the queue; `due` is when it may be claimed, nil for at once.
-- @include enqueue
-- @include publish
local function requeue(stage, due)
  redis.call('HSET', job, 'status', 'queued', 'percent', 0, 'stage', stage)
  redis.call('HDEL', job, 'lease_until', 'worker')
  redis.call('ZREM', keys.active, id)
  enqueue(due)
  publish('queued')
end
