-- Needs `id` and `job`. Counts the change in the record and publishes it, with the record if `extra.record` is set.
-- It runs before a record is deleted, never after: HINCRBY would create the record again.
local function publish(status, extra)
  redis.call('HINCRBY', job, 'version', 1)
  local event = extra or {}
  event.id = id
  event.status = status
  if event.record then event.record = redis.call('HGETALL', job) end
  redis.call('PUBLISH', channels.events, cjson.encode(event))
end
