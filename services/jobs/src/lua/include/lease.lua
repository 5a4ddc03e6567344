-- Needs `job`. Returns whether the run with this fence still holds the lease.
local function holds_lease(fence)
  local state = redis.call('HMGET', job, 'status', 'fence')
  return state[1] == 'active' and state[2] == fence
end
