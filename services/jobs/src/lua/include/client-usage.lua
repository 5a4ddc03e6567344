-- Needs `job`. Counts the job for its client: `sign` is 1 when it becomes unfinished and -1 when it ends.
-- A client without unfinished jobs has no field.
local function add_usage(key, client, amount)
  if redis.call('HINCRBY', key, client, string.format('%d', amount)) <= 0 then redis.call('HDEL', key, client) end
end
local function count_client(sign)
  local state = redis.call('HMGET', job, 'client', 'bytes')
  local client = state[1] or ''
  add_usage(keys.clientJobs, client, sign)
  add_usage(keys.clientBytes, client, sign * tonumber(state[2] or '0'))
  if redis.call('HEXISTS', keys.clientJobs, client) == 0 then redis.call('HDEL', keys.clientBytes, client) end
end
