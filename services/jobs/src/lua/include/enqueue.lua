-- Needs `id` and `job`. Puts the job into its lane and notifies a worker, or keeps it out of the lane until the time
-- `due`.
-- @include notify-of-job
local function enqueue(due)
  local state = redis.call('HMGET', job, 'created_at', 'lane', 'tag', 'bytes')
  redis.call('ZADD', keys.queued, state[1], id)
  if due then
    redis.call('ZADD', keys.delayed, due, id)
  else
    redis.call('ZADD', keys.lane .. state[2], state[3], id)
    notify_of_job(state[2])
  end
  redis.call('INCRBY', keys.queuedBytes, state[4])
end
