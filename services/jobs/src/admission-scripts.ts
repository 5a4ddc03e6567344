/**
 * Whether one more job fits, in Lua: memory of Redis, the queue as a whole, and the share of one client.
 *
 * Keys: `pdf:client-jobs` number of unfinished jobs of each client; `pdf:client-bytes` size of their inputs. A client
 * without unfinished jobs has no field.
 */

/** Share of Redis's `maxmemory` above which no new job is accepted. The rest is for finishing what was accepted. */
export const MEMORY_MARK = 0.8;
/** Share from which that is reported: a refused request, which counts while it is looked at, takes its bytes with it. */
export const MEMORY_REPORTED = 0.79;

/** What `accept` refuses a job for. */
export const REFUSALS = ['memory', 'jobs', 'bytes', 'client_jobs', 'client_bytes'] as const;
export type Refusal = (typeof REFUSALS)[number];

/** `used_share()` returns the share of `maxmemory` in use; 0 if Redis has no limit. */
export const USED_SHARE = `
local function used_share()
  local info = redis.call('INFO', 'memory')
  local limit = tonumber(string.match(info, '\\nmaxmemory:(%d+)'))
  return limit == 0 and 0 or tonumber(string.match(info, '\\nused_memory:(%d+)')) / limit
end
`;

/** For scripts about the job in `job`: counts it for its client, once when it becomes unfinished and once when it ends. */
export const CLIENT_FUNCTIONS = `
local function add(key, client, amount)
  if redis.call('HINCRBY', key, client, string.format('%d', amount)) <= 0 then redis.call('HDEL', key, client) end
end
local function count_client(sign)
  local state = redis.call('HMGET', job, 'client', 'bytes')
  local client = state[1] or ''
  add('pdf:client-jobs', client, sign)
  add('pdf:client-bytes', client, sign * tonumber(state[2] or '0'))
  if redis.call('HEXISTS', 'pdf:client-jobs', client) == 0 then redis.call('HDEL', 'pdf:client-bytes', client) end
end
`;

/**
 * `refusal(client, bytes, limits)` returns what a new job would exceed, or nil. `limits`: most unfinished jobs, most bytes
 * that wait, most unfinished jobs and most bytes of one client, 0 for no limit. A client without unfinished jobs may
 * always send one, however large.
 */
export const REFUSAL = `${USED_SHARE}
local function refusal(client, bytes, limits)
  local function reached(limit, used) return limit > 0 and used >= limit end
  if used_share() >= ${MEMORY_MARK} then return 'memory' end
  if reached(limits[1], redis.call('ZCARD', 'pdf:queued') + redis.call('ZCARD', 'pdf:active')) then return 'jobs' end
  if reached(limits[2], tonumber(redis.call('GET', 'pdf:queued-bytes') or '0')) then return 'bytes' end
  local jobs = tonumber(redis.call('HGET', 'pdf:client-jobs', client) or '0')
  if jobs == 0 then return nil end
  if reached(limits[3], jobs) then return 'client_jobs' end
  local used = tonumber(redis.call('HGET', 'pdf:client-bytes', client) or '0')
  if limits[4] > 0 and used + bytes > limits[4] then return 'client_bytes' end
end
`;

/**
 * Counts the unfinished jobs of all clients, and replaces the stored counts if those of any client differ: another
 * release may have changed jobs without counting them. Reads each unfinished job. Returns 1 if it replaced the counts.
 */
export const recount = `#!lua flags=allow-oom
local counts = {['pdf:client-jobs'] = {}, ['pdf:client-bytes'] = {}}
local function count(key, client, amount)
  if amount > 0 then counts[key][client] = (counts[key][client] or 0) + amount end
end
for _, index in ipairs({'queued', 'active'}) do
  for _, id in ipairs(redis.call('ZRANGE', 'pdf:' .. index, 0, -1)) do
    local state = redis.call('HMGET', 'pdf:job:' .. id, 'client', 'bytes')
    count('pdf:client-jobs', state[1] or '', 1)
    count('pdf:client-bytes', state[1] or '', tonumber(state[2] or '0'))
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
if not differs('pdf:client-jobs') and not differs('pdf:client-bytes') then return 0 end
for key, clients in pairs(counts) do
  redis.call('DEL', key)
  for client, amount in pairs(clients) do redis.call('HSET', key, client, string.format('%d', amount)) end
end
return 1`;
