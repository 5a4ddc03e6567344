#!lua flags=allow-oom
-- Renews a lease.
--
-- KEYS active, job
--
-- ARGV[1] job id    ARGV[2] fence    ARGV[3] lease in ms
--
-- Returns 1, or 0 if the fence is stale or the job has ended.
-- @include clock
-- @include job
-- @include lease
if not holds_lease(ARGV[2]) then return 0 end
local lease = now + tonumber(ARGV[3])
redis.call('HSET', job, 'lease_until', lease)
redis.call('ZADD', keys.active, lease, id)
return 1
