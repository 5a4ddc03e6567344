-- Needs `id`, `job` and `now`. Enqueues the webhook of the ended job, if its client asked for one. The snapshot
-- outlives the record, so that a short retention loses no webhook.
local function enqueue_webhook()
  if redis.call('HEXISTS', job, 'callback_url') == 0 then return end
  local webhook = keys.webhook .. id
  redis.call('COPY', job, webhook, 'REPLACE')
  redis.call('HSET', webhook, 'params', '{}', 'inputs', '[]', 'deliveries', 0)
  redis.call('ZADD', keys.webhooks, now, id)
end
