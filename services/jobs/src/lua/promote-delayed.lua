#!lua flags=allow-oom
-- Moves deferred jobs that are due into their lanes and notifies workers of them.
--
-- KEYS delayed, job, lane, notifications
--
-- ARGV[1] maximum number of jobs
--
-- Returns their number.
-- @include clock
-- @include notify-of-job
local promoted = 0
for _, id in ipairs(redis.call('ZRANGEBYSCORE', keys.delayed, '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))) do
  redis.call('ZREM', keys.delayed, id)
  local state = redis.call('HMGET', keys.job .. id, 'lane', 'tag')
  if state[1] then
    redis.call('ZADD', keys.lane .. state[1], state[2], id)
    notify_of_job(state[1])
    promoted = promoted + 1
  end
end
return promoted
