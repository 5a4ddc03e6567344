#!lua flags=allow-oom
-- Fails a job that has waited too long in the queue.
--
-- KEYS active, clientBytes, clientJobs, completions, deadLetters, delayed, expiry, job, lane, queued,
--   queuedBytes, webhook, webhooks
--
-- ARGV[1] job id    ARGV[2] maximum age in ms    ARGV[3] error record
--
-- Returns 1, or 0 if the job is younger or not queued.
-- @include clock
-- @include job
-- @include finish-job
local state = redis.call('HMGET', job, 'status', 'created_at')
if state[1] ~= 'queued' or tonumber(state[2]) > now - tonumber(ARGV[2]) then return 0 end
finish('failed', 'error', ARGV[3])
return 1
