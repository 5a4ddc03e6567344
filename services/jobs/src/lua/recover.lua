#!lua flags=allow-oom
-- Requeues a stalled job, whose lease ran out because its worker or host died. From the third time on the job waits,
-- longer each time, so that a host has minutes to recover before its jobs are dead-lettered.
--
-- KEYS active, clientBytes, clientJobs, completions, deadLetters, delayed, expiry, job, lane, notifications, queued,
--   queuedBytes, webhook, webhooks
--
-- ARGV[1] job id
-- ARGV[2] number of times a job may stall
-- ARGV[3] error record for a job that stalled more often
--
-- Returns 'queued', 'failed' (dead-lettered), or 'kept' if the job is not stalled.
-- @include clock
-- @include job
-- @include dead-letter
-- @include requeue
local state = redis.call('HMGET', job, 'status', 'lease_until', 'interruptions')
if state[1] ~= 'active' then
  redis.call('ZREM', keys.active, id)
  return 'kept'
end
if tonumber(state[2]) > now then return 'kept' end
local stalled = redis.call('HINCRBY', job, 'interruptions', 1)
redis.call('HINCRBY', job, 'attempts', -1)
if tonumber(state[3]) >= tonumber(ARGV[2]) then
  dead_letter(ARGV[3])
  return 'failed'
end
requeue('queued again', stalled > 2 and now + (stalled - 2) * constants.STALLED_DELAY_MS or nil)
return 'queued'
