-- Defines `id` (ARGV[1]) and `job` (the key of its record).
local id = ARGV[1]
local job = keys.job .. id
