#!lua flags=allow-oom
-- Moves deferred jobs that are due into their lanes.
--
-- KEYS delayed, job, lane
--
-- ARGV[1] maximum number of jobs
--
-- Returns their ids.
-- @include clock
local promoted = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', keys.delayed, '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))) do
  redis.call('ZREM', keys.delayed, id)
  local state = redis.call('HMGET', keys.job .. id, 'lane', 'tag')
  if state[1] then
    redis.call('ZADD', keys.lane .. state[1], state[2], id)
    table.insert(promoted, id)
  end
end
return promoted
