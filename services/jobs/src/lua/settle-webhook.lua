#!lua flags=allow-oom
-- Removes a webhook that was delivered or has failed permanently.
--
-- KEYS webhook, webhooks
--
-- ARGV[1] job id    ARGV[2] version of the record    ARGV[3] attempt
--
-- Returns 1, or 0 if the attempt is not the current one.
-- @include webhook-attempt
redis.call('ZREM', keys.webhooks, ARGV[1])
redis.call('DEL', webhook)
return 1
