#!lua flags=allow-oom
-- Ends an attempt whose child process crashed.
--
-- KEYS active, clientBytes, clientJobs, completions, deadLetters, delayed, expiry, job, lane, notifications, queued,
--   queuedBytes, webhook, webhooks
--
-- ARGV[1] job id    ARGV[2] fence    ARGV[3] maximum attempts    ARGV[4] error record
--
-- Returns 'queued' for another attempt, 'failed' (dead-lettered) after the last one, or 'lost' if the fence is stale.
-- @include clock
-- @include job
-- @include lease
-- @include dead-letter
-- @include requeue
if not holds_lease(ARGV[2]) then return 'lost' end
if tonumber(redis.call('HGET', job, 'attempts')) >= tonumber(ARGV[3]) then
  dead_letter(ARGV[4])
  return 'failed'
end
requeue('queued again')
return 'queued'
