#!lua flags=allow-oom
-- Deletes a job in any state.
--
-- KEYS active, clientBytes, clientJobs, deadLetters, delayed, expiry, idempotency, job, lane, queued,
--   queuedBytes, webhook, webhooks
--
-- ARGV[1] job id    ARGV[2] 1 to keep its pending webhook
--
-- Returns the status that the job had, or nothing.
-- @include job
-- @include unfinished
-- @include dequeue
-- @include client-usage
-- @include publish
-- @include forget
local status = redis.call('HGET', job, 'status')
dequeue()
if status and is_unfinished(status) then count_client(-1) end
for _, index in ipairs({keys.active, keys.expiry, keys.deadLetters}) do redis.call('ZREM', index, id) end
if status then publish('deleted') end
forget()
if ARGV[2] ~= '1' then
  redis.call('ZREM', keys.webhooks, id)
  redis.call('DEL', keys.webhook .. id)
end
if status == 'active' then redis.call('PUBLISH', channels.stop, id) end
return status
