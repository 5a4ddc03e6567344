-- Notifies a worker of a job that was put into a lane. A small job needs that only if it is the first one in its lane,
-- because a worker with room claims until the lane is empty. Not every worker with room may run a larger job.
-- @include notify
local function notify_of_job(lane)
  if lane ~= 'small' then return notify() end
  if redis.call('ZCARD', keys.lane .. lane) == 1 and not is_notified() then notify() end
end
