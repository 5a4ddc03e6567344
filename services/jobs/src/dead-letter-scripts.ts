/**
 * Dead-lettered jobs, in Lua: they failed permanently through no fault of their client, and an operator may requeue one.
 * For that the record keeps its parameters and inputs, which every other record loses at its end.
 *
 * Key: `pdf:dead` ids of these jobs, by the time of their failure.
 */

/** Dead-lettered jobs that can be requeued, and the bytes of their parameters and inputs; older ones are only listed. */
export const REQUEUEABLE = { jobs: 100, bytes: 4 * 2 ** 20 } as const;

/** Longest field of a compact record: `hash-max-listpack-value` of compose/redis.conf. */
const COMPACT_BYTES = 1_024;

/** Bounds one look at the list. It finds the end of those that can be requeued long before. */
const LOOKED_AT = 1_000;

/**
 * `shrink(key)` drops the parameters and inputs of an ended job. One input remains, which has the size of all: an earlier
 * release sums them up. A record that Redis had to spread out for a long field is written anew, which makes it compact.
 */
export const DEAD_LETTER_FUNCTIONS = `
local function shrink(key)
  local bytes = redis.call('HGET', key, 'bytes') or '0'
  local long = math.max(redis.call('HSTRLEN', key, 'params'), redis.call('HSTRLEN', key, 'inputs')) > ${COMPACT_BYTES}
  redis.call('HSET', key, 'params', '{}', 'inputs', '[{"name":"","bytes":' .. bytes .. ',"format":""}]', 'shrunk', 1)
  if not long then return end
  local fields = redis.call('HGETALL', key)
  redis.call('DEL', key)
  redis.call('HSET', key, unpack(fields))
end
-- Newest first. A shrunk one has only older ones behind it that are shrunk too.
local function bound_dead_letters()
  local jobs, bytes = 0, 0
  for _, dead in ipairs(redis.call('ZRANGE', 'pdf:dead', 0, ${LOOKED_AT - 1}, 'REV')) do
    local key = 'pdf:job:' .. dead
    if redis.call('HEXISTS', key, 'shrunk') == 1 then return end
    jobs = jobs + 1
    bytes = bytes + redis.call('HSTRLEN', key, 'params') + redis.call('HSTRLEN', key, 'inputs')
    local over = jobs > ${REQUEUEABLE.jobs} or bytes > ${REQUEUEABLE.bytes}
    if over and redis.call('EXISTS', key) == 1 then shrink(key) end
  end
end
`;

/** Ends the job in `job` as dead-lettered. */
export const DEAD_LETTER = `
local function dead_letter(error)
  redis.call('ZADD', 'pdf:dead', now, id)
  finish('failed', 'error', error)
  bound_dead_letters()
end
`;
