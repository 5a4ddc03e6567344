-- Needs `id` and `job`. Takes the job out of the queue, if it is in there.
local function dequeue()
  if redis.call('ZREM', keys.queued, id) == 0 then return end
  local state = redis.call('HMGET', job, 'lane', 'bytes')
  redis.call('ZREM', keys.lane .. state[1], id)
  redis.call('ZREM', keys.delayed, id)
  redis.call('DECRBY', keys.queuedBytes, state[2])
end
