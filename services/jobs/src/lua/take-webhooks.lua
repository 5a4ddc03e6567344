#!lua flags=allow-oom
-- Takes webhooks that are due. Another scheduler gets them only after the lease. The attempt is counted first, so that
-- a webhook that crashes its scheduler also reaches its last attempt.
--
-- KEYS webhook, webhooks
--
-- ARGV[1] maximum number of webhooks    ARGV[2] lease in ms
--
-- Returns a list of snapshots as name, value, …
-- @include clock
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', keys.webhooks, '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))) do
  local webhook = keys.webhook .. id
  if redis.call('EXISTS', webhook) == 1 then
    redis.call('HINCRBY', webhook, 'deliveries', 1)
    redis.call('ZADD', keys.webhooks, now + tonumber(ARGV[2]), id)
    table.insert(taken, redis.call('HGETALL', webhook))
  else
    redis.call('ZREM', keys.webhooks, id)
  end
end
return taken
