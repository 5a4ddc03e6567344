/**
 * The outbox of webhooks, in Lua: an ended job that has a `callback_url` owes one delivery.
 *
 * Keys: `pdf:webhooks` ids of jobs whose webhook is owed, by the time of its next attempt; `pdf:webhook:<id>` what is to be
 * told: the record as it was at the job's end, without its inputs, and `deliveries`, the attempts so far. It outlives the
 * record, so that a retention shorter than the attempts loses no webhook.
 */

/** For the scripts that change a job: `id`, `job` and `now` are theirs. */
export const WEBHOOK_FUNCTIONS = `
local function owe_webhook()
  if redis.call('HEXISTS', job, 'callback_url') == 0 then return end
  local webhook = 'pdf:webhook:' .. id
  redis.call('COPY', job, webhook, 'REPLACE')
  redis.call('HSET', webhook, 'params', '{}', 'inputs', '[]', 'deliveries', 0)
  redis.call('ZADD', 'pdf:webhooks', now, id)
end
local function drop_webhook()
  redis.call('ZREM', 'pdf:webhooks', id)
  redis.call('DEL', 'pdf:webhook:' .. id)
end
`;

const HEAD = `#!lua flags=allow-oom
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

/**
 * Takes webhooks that are due. ARGV: most, lease in ms, after which a webhook whose taker said nothing is due again.
 * Counts the attempt, so that one that kills its taker comes to an end too. Returns a list of snapshots as name, value, …
 */
const take = `${HEAD}
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', 'pdf:webhooks', '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))) do
  local webhook = 'pdf:webhook:' .. id
  if redis.call('EXISTS', webhook) == 1 then
    redis.call('HINCRBY', webhook, 'deliveries', 1)
    redis.call('ZADD', 'pdf:webhooks', now + tonumber(ARGV[2]), id)
    table.insert(taken, redis.call('HGETALL', webhook))
  else
    redis.call('ZREM', 'pdf:webhooks', id)
  end
end
return taken`;

/** The attempt is still the current one: the job was not deleted, has not ended anew, and no other taker tries. */
const OWN = `
local webhook = 'pdf:webhook:' .. ARGV[1]
local state = redis.call('HMGET', webhook, 'version', 'deliveries')
if state[1] ~= ARGV[2] or state[2] ~= ARGV[3] then return 0 end
`;

/** ARGV: id, version, attempt. Nothing is owed any more. Returns 1, or 0 where this attempt has no say. */
const settle = `${HEAD}
${OWN}
redis.call('ZREM', 'pdf:webhooks', ARGV[1])
redis.call('DEL', webhook)
return 1`;

/** ARGV: id, version, attempt, ms until the next. Returns 1, or 0 where this attempt has no say. */
const postpone = `${HEAD}
${OWN}
redis.call('ZADD', 'pdf:webhooks', now + tonumber(ARGV[4]), ARGV[1])
return 1`;

export const WEBHOOK_SCRIPTS = { take, settle, postpone } as const;
export type WebhookScript = keyof typeof WEBHOOK_SCRIPTS;
