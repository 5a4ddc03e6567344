#!lua flags=allow-oom
-- Stores and publishes the progress of a run.
--
-- KEYS job
--
-- ARGV[1] job id    ARGV[2] fence    ARGV[3] percent    ARGV[4] stage
--
-- Returns 1, or 0 if the fence is stale or the job has ended.
-- @include job
-- @include lease
-- @include publish
if not holds_lease(ARGV[2]) then return 0 end
redis.call('HSET', job, 'percent', ARGV[3], 'stage', ARGV[4])
publish('active', {percent = tonumber(ARGV[3]), stage = ARGV[4]})
return 1
