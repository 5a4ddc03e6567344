#!lua flags=allow-oom
-- Schedules the next attempt of a webhook.
--
-- KEYS webhook, webhooks
--
-- ARGV[1] job id    ARGV[2] version of the record    ARGV[3] attempt    ARGV[4] ms until the next attempt
--
-- Returns 1, or 0 if the attempt is not the current one.
-- @include clock
-- @include webhook-attempt
redis.call('ZADD', keys.webhooks, now + tonumber(ARGV[4]), ARGV[1])
return 1
