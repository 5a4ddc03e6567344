#!lua flags=allow-oom
-- Returns the ids of stalled jobs: they are active and their lease has run out.
--
-- KEYS active
--
-- ARGV[1] maximum number of ids
-- @include clock
return redis.call('ZRANGEBYSCORE', keys.active, '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
