-- Needs `id` and `job`. Deletes the record, and the idempotency key if it still stands for this job.
local function forget()
  local key = redis.call('HGET', job, 'idempotency_key')
  if key and redis.call('GET', keys.idempotency .. key) == id then redis.call('DEL', keys.idempotency .. key) end
  redis.call('DEL', job)
end
