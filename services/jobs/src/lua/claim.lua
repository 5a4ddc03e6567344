#!lua flags=allow-oom
-- Gives the next job to a worker. It chooses the client with the fewest running jobs on that worker, among those the
-- preferred client or else the lowest tag, and of the client's jobs the one with the lowest tag. If the worker then has
-- no room for the rest, the script notifies another worker. If there is no rest, it removes the notifications.
--
-- KEYS active, clientJobs, clientTags, delayed, job, lane, notifications, queued, queuedBytes, virtualTime
--
-- ARGV[1] lanes, separated by commas
-- ARGV[2] worker
-- ARGV[3] lease in ms
-- ARGV[4] clients of the jobs that the worker runs, one for each job, separated by commas
-- ARGV[5] client that gets no further slot, empty for none
-- ARGV[6] 0 if that client may have the slot while no other client has unfinished jobs
-- ARGV[7] preferred client, whose jobs the worker starts at the lowest cost, empty for none
-- ARGV[8] number of jobs that the worker runs at a time, without the one place that is kept for a small job
--
-- Returns {'claimed', rest, record as name, value, …}, {'none'} if the queue is empty, or {'none-in-lane'} if no queued
-- job may be taken now. `rest` is 'none' if no other job may be claimed, 'one-client' if all unfinished jobs are one
-- client's, otherwise 'some'.
-- @include clock
-- @include notify
local running, running_jobs = {}, 0
for client in string.gmatch(ARGV[4], '[^,]+') do
  running[client] = (running[client] or 0) + 1
  running_jobs = running_jobs + 1
end
-- If only one client has jobs, the search for another client's job is not needed.
local has_many_clients = redis.call('HLEN', keys.clientJobs) > 1
-- The search for a job of the preferred client is not needed if all its unfinished jobs run on this worker.
local preferred = has_many_clients and ARGV[7] ~= '' and ARGV[7] or nil
local unfinished = preferred and tonumber(redis.call('HGET', keys.clientJobs, preferred) or '0') or 0
if preferred and unfinished <= (running[preferred] or 0) then preferred = nil end
local id, lowest, fewest, head, is_preferred
local function precedes(count, matches, tag)
  if count ~= fewest then return count < fewest end
  if matches ~= is_preferred then return matches end
  return tag < lowest
end
local function consider(candidate, tag)
  local client = has_many_clients and redis.call('HGET', keys.job .. candidate, 'client') or ''
  local count = running[client] or 0
  head = head and math.min(head, tag) or tag
  if has_many_clients and client == ARGV[5] then return false end
  local matches = client == preferred
  if not id or precedes(count, matches, tag) then
    id, lowest, fewest, is_preferred = candidate, tag, count, matches
  end
  return count == 0, matches or not preferred
end
local function search(lane)
  local page_size = constants.SEARCH_PAGE
  local found = false
  for start = 0, constants.MAX_SEARCHED - page_size, page_size do
    local last = has_many_clients and start + page_size - 1 or 0
    local page = redis.call('ZRANGE', lane, start, last, 'WITHSCORES')
    for i = 1, #page, 2 do
      local has_no_running_job, is_best = consider(page[i], tonumber(page[i + 1]))
      found = found or has_no_running_job
      if has_no_running_job and is_best then return end
      if found and start + (i + 1) / 2 >= constants.MAX_SEARCHED_PREFERRED then return end
    end
    if not has_many_clients or #page < 2 * page_size then return end
  end
end
if has_many_clients or ARGV[5] == '' or ARGV[6] == '0' then
  for lane in string.gmatch(ARGV[1], '[^,]+') do search(keys.lane .. lane) end
end
if not id then
  -- The last place of this worker is kept for another client, so another worker must run the jobs.
  if ARGV[5] ~= '' and redis.call('EXISTS', keys.lane .. 'small') == 1 and not is_notified() then notify() end
  return {redis.call('ZCARD', keys.queued) == 0 and 'none' or 'none-in-lane'}
end

local job = keys.job .. id
-- @include dequeue
-- @include publish
local lease = now + tonumber(ARGV[3])
dequeue()
-- A job that overtook another moves the virtual time only to the tag of that other job.
local served = math.min(lowest, head)
if served > tonumber(redis.call('GET', keys.virtualTime) or '0') then
  redis.call('SET', keys.virtualTime, tostring(served))
end
if redis.call('ZCARD', keys.queued) == 0 then redis.call('DEL', keys.clientTags) end
redis.call('HINCRBY', job, 'fence', 1)
redis.call('HINCRBY', job, 'attempts', 1)
redis.call('HSET', job, 'status', 'active', 'stage', 'starting', 'percent', 0, 'worker', ARGV[2], 'lease_until', lease)
redis.call('HSETNX', job, 'started_at', now)
redis.call('ZADD', keys.active, lease, id)
publish('active')
-- `roomFor` of lanes.ts has the same limits and also rules for lanes.
local function is_full()
  local concurrency = tonumber(ARGV[8])
  local own = running[redis.call('HGET', job, 'client') or ''] or 0
  return running_jobs >= concurrency or (own == running_jobs and running_jobs + 1 == concurrency)
end
local function remove_notifications()
  if not is_notified() then return end
  local waiting = keys.notifications .. 'waiting'
  for _, notification in ipairs(redis.call('LRANGE', waiting, 0, -1)) do
    redis.call('HDEL', keys.notifications .. 'jobs', notification)
  end
  redis.call('DEL', waiting)
end
local rest = has_many_clients and 'some' or 'one-client'
if redis.call('ZCARD', keys.queued) == redis.call('ZCARD', keys.delayed) then
  rest = 'none'
  remove_notifications()
elseif is_full() and not is_notified() then
  notify()
end
return {'claimed', rest, unpack(redis.call('HGETALL', job))}
