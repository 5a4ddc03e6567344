-- Needs `id`, `job` and `now`. Ends the job as dead-lettered: it failed permanently through no fault of its client.
-- The newest such records keep their parameters and inputs, so that an operator can requeue them.
-- @include finish-job
local function shrink_old_dead_letters()
  local jobs, bytes = 0, 0
  -- Newest first. Everything older than a shrunk record is shrunk too.
  local last = constants.MAX_DEAD_LETTERS_READ - 1
  for _, dead_letter_id in ipairs(redis.call('ZRANGE', keys.deadLetters, 0, last, 'REV')) do
    local key = keys.job .. dead_letter_id
    if redis.call('HEXISTS', key, 'shrunk') == 1 then return end
    jobs = jobs + 1
    bytes = bytes + redis.call('HSTRLEN', key, 'params') + redis.call('HSTRLEN', key, 'inputs')
    local over = jobs > constants.MAX_REQUEUEABLE_JOBS or bytes > constants.MAX_REQUEUEABLE_BYTES
    if over and redis.call('EXISTS', key) == 1 then shrink(key) end
  end
end
local function dead_letter(error)
  redis.call('ZADD', keys.deadLetters, now, id)
  finish('failed', 'error', error)
  shrink_old_dead_letters()
end
