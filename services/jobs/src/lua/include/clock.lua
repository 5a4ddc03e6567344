-- Defines `now`: milliseconds since the epoch by Redis's clock, so that the clocks of the hosts do not matter.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
