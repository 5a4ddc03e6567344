import { accept } from './accept-script.js';
import { recount } from './admission-scripts.js';
import { CLOCK, FINISHES, FUNCTIONS, JOB } from './job-script-parts.js';
import { CHARGE, PICK_NEXT, SERVE_TURN } from './queue-scripts.js';

/**
 * The job's state machine, as Lua scripts: each change of a job is one script, so that it happens whole or not at all
 * and so that a holder whose lease has passed to another (its fence is old) can change nothing any more.
 *
 * Keys: `pdf:job:<id>` the record; `pdf:queued` waiting jobs by their arrival; `pdf:active` running jobs by the end of
 * their lease (these two are the outbox: all that is owed); `pdf:delayed` waiting jobs that are not to be taken before a time;
 * `pdf:expiry` finished jobs by the end of their retention;
 * `pdf:dead` jobs that were given up, by the time of that; `pdf:idempotency:<hash>` the job that a client's key stands for,
 * as long as that job has a record; `pdf:client-jobs` and `pdf:client-bytes` what is unfinished of each client. Changes are counted in the record (`version`) and published on
 * `pdf:events`, ids of running jobs that must stop on `pdf:stop`. The time is Redis's own, so that hosts' clocks don't matter.
 */

/** Added each time to the wait of a job that is interrupted again and again: six minutes with ten. */
const INTERRUPTED_MS = 10_000;

/**
 * Takes the job whose turn it is. ARGV: lanes, worker, lease in ms, clients of the running jobs on this worker, client
 * that gets no further slot (empty for none), 0 if it gets one while no other client has unfinished jobs. Returns
 * { 'claimed', the record as name, value, … }, { 'none' } if nothing waits, or { 'unfit' } if jobs wait that may not be
 * taken now.
 */
const claim = `${FINISHES}
${CLOCK}
${PICK_NEXT}
${FUNCTIONS}
local lease = now + tonumber(ARGV[3])
dequeue()
${SERVE_TURN}
redis.call('HINCRBY', job, 'fence', 1)
redis.call('HINCRBY', job, 'attempts', 1)
redis.call('HSET', job, 'status', 'active', 'stage', 'starting', 'percent', 0, 'worker', ARGV[2], 'lease_until', lease)
redis.call('HSETNX', job, 'started_at', now)
redis.call('ZADD', 'pdf:active', lease, id)
publish('active')
return {'claimed', unpack(redis.call('HGETALL', job))}`;

/**
 * Puts a job back whose lease ran out: its worker or host died. Where that goes on, the job waits, from the third time on and
 * longer each time, so that a host has minutes to come to itself before its jobs are given up. ARGV: id, most interruptions,
 * error record for a job that was interrupted too often. Returns 'queued', 'failed' (and listed in pdf:dead) or 'kept' where it is not so.
 */
const recover = `${FINISHES}
${JOB}
local state = redis.call('HMGET', job, 'status', 'lease_until', 'interruptions')
if state[1] ~= 'active' then
  redis.call('ZREM', 'pdf:active', id)
  return 'kept'
end
if tonumber(state[2]) > now then return 'kept' end
local times = redis.call('HINCRBY', job, 'interruptions', 1)
redis.call('HINCRBY', job, 'attempts', -1)
if tonumber(state[3]) >= tonumber(ARGV[2]) then
  dead_letter(ARGV[3])
  return 'failed'
end
requeue('queued again', times > 2 and now + (times - 2) * ${INTERRUPTED_MS} or nil)
return 'queued'`;

/** ARGV: id, fence, lease in ms. Returns 1, or 0 where the lease has passed to another or the job has ended. */
const renew = `${FINISHES}
${JOB}
if not held(ARGV[2]) then return 0 end
local lease = now + tonumber(ARGV[3])
redis.call('HSET', job, 'lease_until', lease)
redis.call('ZADD', 'pdf:active', lease, id)
return 1`;

/** ARGV: id, fence, percent, stage. */
const progress = `${FINISHES}
${JOB}
if not held(ARGV[2]) then return 0 end
redis.call('HSET', job, 'percent', ARGV[3], 'stage', ARGV[4])
publish('active', {percent = tonumber(ARGV[3]), stage = ARGV[4]})
return 1`;

/**
 * ARGV: id, fence, status, field, value, cost that was not known before. Returns 1, or 0 where another has the say. 1 too where this very end was
 * recorded before: its answer was lost and the holder asks again, who would otherwise throw away what now counts.
 */
const finish = `${FINISHES}
${JOB}
${CHARGE}
local ended = redis.call('HMGET', job, 'status', 'fence', ARGV[4])
if ended[1] == ARGV[3] and ended[2] == ARGV[2] and ended[3] == ARGV[5] then return 1 end
if not held(ARGV[2]) then return 0 end
if ARGV[6] ~= '0' then charge(tonumber(ARGV[6])) end
finish(ARGV[3], ARGV[4], ARGV[5])
return 1`;

/**
 * After a crash. ARGV: id, fence, most attempts, error record. Returns 'queued' for another try, 'failed' where the
 * attempts are used up (then the job is listed in pdf:dead), or 'lost' where another has the say.
 */
const crashed = `${FINISHES}
${JOB}
if not held(ARGV[2]) then return 'lost' end
if tonumber(redis.call('HGET', job, 'attempts')) >= tonumber(ARGV[3]) then
  dead_letter(ARGV[4])
  return 'failed'
end
requeue('queued again')
return 'queued'`;

/** Hands a job back unharmed, as on an orderly stop. ARGV: id, fence. Returns 1 or 0. */
const release = `${FINISHES}
${JOB}
if not held(ARGV[2]) then return 0 end
redis.call('HINCRBY', job, 'attempts', -1)
requeue('queued again')
return 1`;

/**
 * Has a job that met a fault of its host tried again later; the fault counts as no attempt. ARGV: id, fence, ms until
 * then (empty where that has been tried enough), stage, error record. Returns 'queued', 'failed' (and listed in pdf:dead)
 * or 'lost' where another has the say.
 */
const postpone = `${FINISHES}
${JOB}
if not held(ARGV[2]) then return 'lost' end
if ARGV[3] == '' then
  dead_letter(ARGV[5])
  return 'failed'
end
redis.call('HINCRBY', job, 'setbacks', 1)
redis.call('HINCRBY', job, 'attempts', -1)
requeue(ARGV[4], now + tonumber(ARGV[3]))
return 'queued'`;

/** Puts postponed jobs whose time has come into their lanes. ARGV: most. Returns their ids. */
const wake = `${FINISHES}
${CLOCK}
local woken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', 'pdf:delayed', '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))) do
  redis.call('ZREM', 'pdf:delayed', id)
  local state = redis.call('HMGET', 'pdf:job:' .. id, 'lane', 'tag')
  if state[1] then
    redis.call('ZADD', 'pdf:lane:' .. state[1], state[2], id)
    table.insert(woken, id)
  end
end
return woken`;

/** ARGV: id. Returns 'cancelled', 'finished' (it had ended before) or 'missing'. */
const cancel = `${FINISHES}
${JOB}
local status = redis.call('HGET', job, 'status')
if not status then return 'missing' end
if not unfinished(status) then return 'finished' end
finish('cancelled')
if status == 'active' then redis.call('PUBLISH', 'pdf:stop', id) end
return 'cancelled'`;

/** Forgets a job altogether. ARGV: id, 1 to send its webhook all the same. Returns the status it had, or nothing. */
const remove = `${FINISHES}
${JOB}
local status = redis.call('HGET', job, 'status')
dequeue()
if status and unfinished(status) then count_client(-1) end
for _, index in ipairs({'active', 'expiry', 'dead'}) do redis.call('ZREM', 'pdf:' .. index, id) end
if status then publish('deleted') end
forget()
if ARGV[2] ~= '1' then drop_webhook() end
if status == 'active' then redis.call('PUBLISH', 'pdf:stop', id) end
return status`;

/**
 * Ends a job's retention: the record shrinks to a tombstone (id, status and expiry) that lives one retention longer.
 * ARGV: id. Returns 1 where it was due.
 */
const bury = `${FINISHES}
${JOB}
local state = redis.call('HMGET', job, 'expires_at', 'retain', 'owner', 'status')
redis.call('ZREM', 'pdf:dead', id)
if not state[1] then
  redis.call('ZREM', 'pdf:expiry', id)
  return 1
end
if tonumber(state[1]) > now then return 0 end
redis.call('ZREM', 'pdf:expiry', id)
publish('expired')
forget()
local tombstone = 'pdf:tombstone:' .. id
redis.call('SET', tombstone, cjson.encode({expires_at = tonumber(state[1]), owner = state[3]}),
  'PX', math.max(60000, tonumber(state[2]) * 1000))
return 1`;

/** Fails a job that has waited too long. ARGV: id, oldest allowed creation time in ms before now, error record. */
const expireQueued = `${FINISHES}
${JOB}
local state = redis.call('HMGET', job, 'status', 'created_at')
if state[1] ~= 'queued' or tonumber(state[2]) > now - tonumber(ARGV[2]) then return 0 end
finish('failed', 'error', ARGV[3])
return 1`;

/** Names of the workers that have running jobs. */
const holders = `${FINISHES}
local seen, names = {}, {}
for _, id in ipairs(redis.call('ZRANGE', 'pdf:active', 0, -1)) do
  local worker = redis.call('HGET', 'pdf:job:' .. id, 'worker')
  if worker and not seen[worker] then
    seen[worker] = true
    table.insert(names, worker)
  end
end
return names`;

/** Ends the leases of a worker that is known to be dead. ARGV: worker. Returns how many. */
const abandon = `${FINISHES}
${CLOCK}
local ended = 0
for _, id in ipairs(redis.call('ZRANGE', 'pdf:active', 0, -1)) do
  local job = 'pdf:job:' .. id
  if redis.call('HGET', job, 'worker') == ARGV[1] then
    redis.call('HSET', job, 'lease_until', now)
    redis.call('ZADD', 'pdf:active', now, id)
    ended = ended + 1
  end
end
return ended`;

/** Ids of running jobs whose lease has run out. ARGV: most ids. */
const abandoned = `${FINISHES}
${CLOCK}
return redis.call('ZRANGEBYSCORE', 'pdf:active', '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))`;

/**
 * Puts a job that was given up back into the queue, as if it had just come: its age and retention count anew. ARGV: id.
 * Returns 'queued', 'missing' where it is not among the dead, 'expired' where its files are due to go, or 'shrunk' if its
 * record has lost its parameters.
 */
const retry = `#!lua
${JOB}
local expiry = redis.call('HGET', job, 'expires_at')
if not expiry or not redis.call('ZSCORE', 'pdf:dead', id) then return 'missing' end
if tonumber(expiry) <= now then return 'expired' end
if redis.call('HEXISTS', job, 'shrunk') == 1 then return 'shrunk' end
redis.call('ZREM', 'pdf:dead', id)
redis.call('ZREM', 'pdf:expiry', id)
redis.call('HDEL', job, 'error', 'started_at', 'finished_at', 'expires_at')
redis.call('HSET', job, 'attempts', 0, 'interruptions', 0, 'setbacks', 0, 'created_at', now)
requeue('queued again')
count_client(1)
return 'queued'`;

export const JOB_SCRIPTS = {
  accept,
  claim,
  recover,
  renew,
  progress,
  finish,
  crashed,
  release,
  postpone,
  wake,
  holders,
  abandon,
  cancel,
  remove,
  bury,
  expireQueued,
  abandoned,
  retry,
  recount,
} as const;
export type JobScript = keyof typeof JOB_SCRIPTS;
