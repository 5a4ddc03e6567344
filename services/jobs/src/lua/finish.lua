#!lua flags=allow-oom
-- Ends a job with a result or an error.
--
-- KEYS active, clientBytes, clientJobs, clientTags, completions, deadLetters, delayed, expiry, job, lane,
--   queued, queuedBytes, webhook, webhooks
--
-- ARGV[1] job id
-- ARGV[2] fence
-- ARGV[3] status: succeeded or failed
-- ARGV[4] field: result or error
-- ARGV[5] value of the field
-- ARGV[6] cost that was unknown when the job was accepted; the client pays for it with its next jobs
--
-- Returns 1, or 0 if the fence is stale. It also returns 1 if this same end is already recorded. The first reply was
-- lost then, and a worker that read 0 would delete the result.
-- @include clock
-- @include job
-- @include lease
-- @include finish-job
local ended = redis.call('HMGET', job, 'status', 'fence', ARGV[4])
if ended[1] == ARGV[3] and ended[2] == ARGV[2] and ended[3] == ARGV[5] then return 1 end
if not holds_lease(ARGV[2]) then return 0 end
if ARGV[6] ~= '0' then
  local client = redis.call('HGET', job, 'client') or ''
  local last = redis.call('HGET', keys.clientTags, client)
  if last then redis.call('HSET', keys.clientTags, client, tostring(tonumber(last) + tonumber(ARGV[6]))) end
end
finish(ARGV[3], ARGV[4], ARGV[5])
return 1
