-- Drops the parameters and inputs of an ended job. One input with the size of all remains, because an earlier release
-- adds up the inputs. Redis keeps the large encoding of a record that had a long field, so it is written again.
local function shrink(key)
  local bytes = redis.call('HGET', key, 'bytes') or '0'
  local longest = math.max(redis.call('HSTRLEN', key, 'params'), redis.call('HSTRLEN', key, 'inputs'))
  redis.call('HSET', key, 'params', '{}', 'inputs', '[{"name":"","bytes":' .. bytes .. ',"format":""}]', 'shrunk', 1)
  if longest <= constants.MAX_COMPACT_BYTES then return end
  local fields = redis.call('HGETALL', key)
  redis.call('DEL', key)
  redis.call('HSET', key, unpack(fields))
end
