#!lua flags=allow-oom
-- Notifies a worker again if jobs have waited for long and no notification is waiting. The worker that took the last
-- one may have died.
--
-- KEYS delayed, notifications, queued
--
-- ARGV[1] ms that a job may wait    ARGV[2] maximum number of jobs to count
--
-- Returns the number of jobs that have waited for longer, or 0 if none may be claimed or a notification is waiting.
-- @include clock
-- @include notify
if is_notified() or redis.call('ZCARD', keys.queued) == redis.call('ZCARD', keys.delayed) then return 0 end
local before = now - tonumber(ARGV[1])
local overdue = #redis.call('ZRANGEBYSCORE', keys.queued, '-inf', before, 'LIMIT', 0, tonumber(ARGV[2]))
if overdue > 0 then notify() end
return overdue
