-- Needs `id` and `job`. Counts the change in the record and publishes it.
-- It runs before a record is deleted, never after: HINCRBY would create the record again.
local function publish(status, extra)
  redis.call('HINCRBY', job, 'version', 1)
  local event = extra or {}
  event.id = id
  event.status = status
  redis.call('PUBLISH', channels.events, cjson.encode(event))
end
