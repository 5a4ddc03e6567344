-- Notifies one worker, which then claims until it finds no job. The notification is a job of bee-queue, written as its
-- script addJob.lua writes one. `notifications` is the beginning of bee-queue's keys.
local function notify()
  local notification = redis.call('INCR', keys.notifications .. 'id')
  redis.call('HSET', keys.notifications .. 'jobs', notification, constants.NOTIFICATION)
  redis.call('LPUSH', keys.notifications .. 'waiting', notification)
end
local function is_notified()
  return redis.call('EXISTS', keys.notifications .. 'waiting') == 1
end
