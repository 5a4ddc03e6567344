#!lua flags=allow-oom
-- Cancels a job. A worker that runs it gets a message to stop.
--
-- KEYS active, clientBytes, clientJobs, completions, deadLetters, delayed, expiry, job, lane, queued,
--   queuedBytes, webhook, webhooks
--
-- ARGV[1] job id
--
-- Returns 'cancelled', 'finished' if the job had already ended, or 'missing'.
-- @include clock
-- @include job
-- @include unfinished
-- @include finish-job
local status = redis.call('HGET', job, 'status')
if not status then return 'missing' end
if not is_unfinished(status) then return 'finished' end
finish('cancelled')
if status == 'active' then redis.call('PUBLISH', channels.stop, id) end
return 'cancelled'
