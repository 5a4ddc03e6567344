#!lua flags=allow-oom
-- Defers a job after a fault of its host, such as a full disk. The run does not count as an attempt.
--
-- KEYS active, clientBytes, clientJobs, completions, deadLetters, delayed, expiry, job, lane, notifications, queued,
--   queuedBytes, webhook, webhooks
--
-- ARGV[1] job id
-- ARGV[2] fence
-- ARGV[3] ms until the job may be claimed again, empty to dead-letter it
-- ARGV[4] stage that clients see meanwhile
-- ARGV[5] error record for a dead-lettered job
--
-- Returns 'queued', 'failed' (dead-lettered), or 'lost' if the fence is stale.
-- @include clock
-- @include job
-- @include lease
-- @include dead-letter
-- @include requeue
if not holds_lease(ARGV[2]) then return 'lost' end
if ARGV[3] == '' then
  dead_letter(ARGV[5])
  return 'failed'
end
redis.call('HINCRBY', job, 'setbacks', 1)
redis.call('HINCRBY', job, 'attempts', -1)
requeue(ARGV[4], now + tonumber(ARGV[3]))
return 'queued'
