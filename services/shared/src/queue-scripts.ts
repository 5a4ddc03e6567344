/** Ends of jobs that are remembered. */
export const MOST_PACED = 50;

/**
 * Whose turn it is, in Lua: a job gets a tag when it arrives and waits in its lane by that tag; the lowest tag is next.
 *
 * Start-time fair queueing: the tag is the present virtual time, or the client's last tag if that is later, plus the
 * job's cost. A client with 200 jobs thus spreads them over 200 turns, and one with a single job is next but one.
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

/** Bytes of input that cost as much as a job does by itself. */
const BYTES_PER_TURN = 4 * 2 ** 20;

/** Gives the new job in `job` its tag. */
export const TAG_NEW_JOB = `
local waiting = redis.call('HMGET', job, 'client', 'bytes')
local served = tonumber(redis.call('GET', 'pdf:vtime') or '0')
local last = tonumber(redis.call('HGET', 'pdf:tags', waiting[1]) or '0')
local tag = math.max(served, last) + 1 + tonumber(waiting[2]) / ${BYTES_PER_TURN}
redis.call('HSET', job, 'tag', tostring(tag))
redis.call('HSET', 'pdf:tags', waiting[1], tostring(tag))
`;

/** Sets `id` to the job with the lowest tag in the lanes that ARGV[1] lists; returns where there is none. */
export const PICK_NEXT = `
local id, lowest
for lane in string.gmatch(ARGV[1], '[^,]+') do
  local head = redis.call('ZRANGE', 'pdf:lane:' .. lane, 0, 0, 'WITHSCORES')
  if head[1] and (not lowest or tonumber(head[2]) < lowest) then id, lowest = head[1], tonumber(head[2]) end
end
if not id then return {redis.call('ZCARD', 'pdf:queued') == 0 and 'none' or 'unfit'} end
`;

/** Moves the virtual time on to the picked job's tag and forgets what nobody waits for any more. */
export const SERVE_TURN = `
if lowest > tonumber(redis.call('GET', 'pdf:vtime') or '0') then redis.call('SET', 'pdf:vtime', tostring(lowest)) end
if redis.call('ZCARD', 'pdf:queued') == 0 then redis.call('DEL', 'pdf:tags') end
`;
