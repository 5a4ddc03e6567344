#!lua flags=allow-oom
-- Counts the unfinished jobs of all clients and replaces the stored counts if they differ: another release may have
-- changed jobs without counting them. Reads every unfinished job.
--
-- KEYS active, clientBytes, clientJobs, job, queued
--
-- Returns 1 if it replaced the counts.
local counts = {[keys.clientJobs] = {}, [keys.clientBytes] = {}}
local function count(key, client, amount)
  if amount > 0 then counts[key][client] = (counts[key][client] or 0) + amount end
end
for _, index in ipairs({keys.queued, keys.active}) do
  for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do
    local state = redis.call('HMGET', keys.job .. id, 'client', 'bytes')
    count(keys.clientJobs, state[1] or '', 1)
    count(keys.clientBytes, state[1] or '', tonumber(state[2] or '0'))
  end
end
local function differs(key)
  local stored = redis.call('HGETALL', key)
  for client in pairs(counts[key]) do
    if redis.call('HEXISTS', key, client) == 0 then return true end
  end
  for i = 1, #stored, 2 do
    if tonumber(stored[i + 1]) ~= counts[key][stored[i]] then return true end
  end
  return false
end
if not differs(keys.clientJobs) and not differs(keys.clientBytes) then return 0 end
for key, clients in pairs(counts) do
  redis.call('DEL', key)
  for client, amount in pairs(clients) do redis.call('HSET', key, client, string.format('%d', amount)) end
end
return 1
