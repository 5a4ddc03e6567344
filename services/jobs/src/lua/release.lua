#!lua flags=allow-oom
-- Requeues a job that its worker hands back, for example on shutdown. The run does not count as an attempt.
--
-- KEYS active, delayed, job, lane, notifications, queued, queuedBytes
--
-- ARGV[1] job id    ARGV[2] fence
--
-- Returns 1, or 0 if the fence is stale.
-- @include job
-- @include lease
-- @include requeue
if not holds_lease(ARGV[2]) then return 0 end
redis.call('HINCRBY', job, 'attempts', -1)
requeue('queued again')
return 1
