-- Needs `job`. Start-time fair queueing: the tag of a new job is the virtual time, or its client's last tag if that is
-- later, plus the job's cost. The lowest tag of a lane is served next, so that a client with 200 jobs takes 200 turns.
local function tag_job(cost)
  local client = redis.call('HGET', job, 'client') or ''
  local served = tonumber(redis.call('GET', keys.virtualTime) or '0')
  local last = tonumber(redis.call('HGET', keys.clientTags, client) or '0')
  local tag = tostring(math.max(served, last) + cost)
  redis.call('HSET', job, 'tag', tag)
  redis.call('HSET', keys.clientTags, client, tag)
end
