#!lua
-- Requeues a dead-lettered job with age, attempts and retention reset.
--
-- KEYS active, clientBytes, clientJobs, deadLetters, delayed, expiry, job, lane, notifications, queued, queuedBytes
--
-- ARGV[1] job id
--
-- Returns 'queued', 'missing' if the job is not dead-lettered, 'expired' if its retention has ended, or 'shrunk' if its
-- record has lost its parameters.
-- @include clock
-- @include job
-- @include requeue
-- @include client-usage
local expiry = redis.call('HGET', job, 'expires_at')
if not expiry or not redis.call('ZSCORE', keys.deadLetters, id) then return 'missing' end
if tonumber(expiry) <= now then return 'expired' end
if redis.call('HEXISTS', job, 'shrunk') == 1 then return 'shrunk' end
redis.call('ZREM', keys.deadLetters, id)
redis.call('ZREM', keys.expiry, id)
redis.call('HDEL', job, 'error', 'started_at', 'finished_at', 'expires_at')
redis.call('HSET', job, 'attempts', 0, 'interruptions', 0, 'setbacks', 0, 'created_at', now)
requeue('queued again')
count_client(1)
return 'queued'
