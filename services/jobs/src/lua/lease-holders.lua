#!lua flags=allow-oom
-- Returns the names of the workers that hold leases.
--
-- KEYS active, job
local seen, names = {}, {}
for _, id in ipairs(redis.call('ZRANGE', keys.active, 0, -1)) do
  local worker = redis.call('HGET', keys.job .. id, 'worker')
  if worker and not seen[worker] then
    seen[worker] = true
    table.insert(names, worker)
  end
end
return names
