/** Ends of jobs that are remembered. */
export const MOST_PACED = 50;

/**
 * Whose turn it is, in Lua: a job gets a tag when it arrives and waits in its lane by that tag; the lowest tag is next.
 *
 * Start-time fair queueing: the tag is the present virtual time, or the client's last tag if that is later, plus the
 * job's cost. A client with 200 jobs thus spreads them over 200 turns, and one with a single job is next but one.
 * Tags decide among clients with as many jobs running on the worker that asks: who has fewer is served first.
 *
 * Keys: `pdf:lane:<lane>` waiting jobs by their tag; `pdf:vtime` the tag that was served last; `pdf:tags` each client's
 * last tag while it has jobs waiting; `pdf:queued-bytes` size of all waiting inputs; `pdf:pace` when the last jobs ended.
 */
export const QUEUE_FUNCTIONS = `
-- In its lane at once, or from the time due on.
local function enqueue(due)
  local state = redis.call('HMGET', job, 'created_at', 'lane', 'tag', 'bytes')
  redis.call('ZADD', 'pdf:queued', state[1], id)
  if due then redis.call('ZADD', 'pdf:delayed', due, id)
  else redis.call('ZADD', 'pdf:lane:' .. state[2], state[3], id) end
  redis.call('INCRBY', 'pdf:queued-bytes', state[4])
end
local function dequeue()
  if redis.call('ZREM', 'pdf:queued', id) == 0 then return end
  local state = redis.call('HMGET', job, 'lane', 'bytes')
  redis.call('ZREM', 'pdf:lane:' .. state[1], id)
  redis.call('ZREM', 'pdf:delayed', id)
  redis.call('DECRBY', 'pdf:queued-bytes', state[2])
end
local function keep_pace()
  redis.call('LPUSH', 'pdf:pace', now)
  redis.call('LTRIM', 'pdf:pace', 0, ${MOST_PACED - 1})
end
`;

/** Gives the new job in `job` its tag, from its cost in `ARGV[10]`. */
export const TAG_NEW_JOB = `
local client = redis.call('HGET', job, 'client') or ''
local served = tonumber(redis.call('GET', 'pdf:vtime') or '0')
local last = tonumber(redis.call('HGET', 'pdf:tags', client) or '0')
local tag = math.max(served, last) + tonumber(ARGV[10])
redis.call('HSET', job, 'tag', tostring(tag))
redis.call('HSET', 'pdf:tags', client, tostring(tag))
`;

/** Charges the client of the job in `job` for what was not known of its cost before, with its next jobs. */
export const CHARGE = `
local function charge(cost)
  local client = redis.call('HGET', job, 'client') or ''
  local last = redis.call('HGET', 'pdf:tags', client)
  if last then redis.call('HSET', 'pdf:tags', client, tostring(tonumber(last) + cost)) end
end
`;

/** Jobs that are read of a lane at a time in search of another client's. */
const PAGE = 50;
/**
 * Jobs of a lane that one claim reads at most, about 2 ms of Redis's time. Behind that many, another client's job waits
 * until the jobs before it are taken.
 */
export const MAX_SEARCHED = 1_000;

/**
 * Picks a job in the lanes that ARGV[1] lists: one of the client with the fewest running jobs on the worker, among those
 * the one with the lowest tag. ARGV[4]: the clients of the worker's jobs, one for each job. ARGV[5]: a client that gets
 * no further slot, or empty. ARGV[6]: 0 if it gets one while no other client has unfinished jobs. Sets `id`, `lowest` (its tag) and `head` (the lowest tag in the lanes). Returns if there is
 * none.
 */
export const PICK_NEXT = `
local slots = {}
for client in string.gmatch(ARGV[4], '[^,]+') do slots[client] = (slots[client] or 0) + 1 end
-- If only one client has jobs, no search can find another's.
local many = redis.call('HLEN', 'pdf:client-jobs') > 1
local id, lowest, fewest, head
local function look_at(candidate, tag)
  local client = many and redis.call('HGET', 'pdf:job:' .. candidate, 'client') or ''
  local used = slots[client] or 0
  head = head and math.min(head, tag) or tag
  if many and client == ARGV[5] then return false end
  if not id or used < fewest or (used == fewest and tag < lowest) then id, lowest, fewest = candidate, tag, used end
  return used == 0
end
local function search(lane)
  for start = 0, ${MAX_SEARCHED - PAGE}, ${PAGE} do
    local page = redis.call('ZRANGE', lane, start, many and start + ${PAGE - 1} or 0, 'WITHSCORES')
    for i = 1, #page, 2 do
      if look_at(page[i], tonumber(page[i + 1])) then return end
    end
    if not many or #page < ${2 * PAGE} then return end
  end
end
if many or ARGV[5] == '' or ARGV[6] == '0' then
  for lane in string.gmatch(ARGV[1], '[^,]+') do search('pdf:lane:' .. lane) end
end
if not id then return {redis.call('ZCARD', 'pdf:queued') == 0 and 'none' or 'unfit'} end
`;

/**
 * Moves the virtual time on and forgets the clients' tags once no job waits. A job that was taken before its turn moves it
 * only to the turn of the job that it overtook.
 */
export const SERVE_TURN = `
local reached = math.min(lowest, head)
if reached > tonumber(redis.call('GET', 'pdf:vtime') or '0') then redis.call('SET', 'pdf:vtime', tostring(reached)) end
if redis.call('ZCARD', 'pdf:queued') == 0 then redis.call('DEL', 'pdf:tags') end
`;
