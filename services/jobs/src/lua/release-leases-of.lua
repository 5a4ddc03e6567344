#!lua flags=allow-oom
-- Ends the leases of a worker that is known to be dead, so that its jobs count as stalled now.
--
-- KEYS active, job
--
-- ARGV[1] worker
--
-- Returns the number of leases.
-- @include clock
local released = 0
for _, id in ipairs(redis.call('ZRANGE', keys.active, 0, -1)) do
  local job = keys.job .. id
  if redis.call('HGET', job, 'worker') == ARGV[1] then
    redis.call('HSET', job, 'lease_until', now)
    redis.call('ZADD', keys.active, now, id)
    released = released + 1
  end
end
return released
