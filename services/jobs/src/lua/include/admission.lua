-- Returns the share of `maxmemory` in use, 0 if Redis has no limit.
local function used_share()
  local info = redis.call('INFO', 'memory')
  local limit = tonumber(string.match(info, '\nmaxmemory:(%d+)'))
  return limit == 0 and 0 or tonumber(string.match(info, '\nused_memory:(%d+)')) / limit
end
-- Returns the limit that a new job would exceed, or nil. `limits`: unfinished jobs, bytes of queued inputs, unfinished
-- jobs of one client, bytes of their inputs. 0 means no limit. A client without unfinished jobs may send a job of any
-- size.
local function refusal(client, bytes, limits)
  local function is_reached(limit, used) return limit > 0 and used >= limit end
  if used_share() >= constants.MAX_MEMORY_SHARE then return 'memory' end
  if is_reached(limits[1], redis.call('ZCARD', keys.queued) + redis.call('ZCARD', keys.active)) then return 'jobs' end
  if is_reached(limits[2], tonumber(redis.call('GET', keys.queuedBytes) or '0')) then return 'bytes' end
  local jobs = tonumber(redis.call('HGET', keys.clientJobs, client) or '0')
  if jobs == 0 then return nil end
  if is_reached(limits[3], jobs) then return 'client_jobs' end
  local used = tonumber(redis.call('HGET', keys.clientBytes, client) or '0')
  if limits[4] > 0 and used + bytes > limits[4] then return 'client_bytes' end
end
