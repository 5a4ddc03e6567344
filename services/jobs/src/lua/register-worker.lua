#!lua flags=allow-oom
-- Stores a worker's heartbeat. It runs when Redis is full, because only a live worker can finish the jobs that fill it.
--
-- KEYS worker, workers
--
-- ARGV[1] worker    ARGV[2] time in ms    ARGV[3] details as JSON    ARGV[4] ms until they expire
redis.call('ZADD', keys.workers, ARGV[2], ARGV[1])
redis.call('SET', keys.worker .. ARGV[1], ARGV[3], 'PX', ARGV[4])
return 1
