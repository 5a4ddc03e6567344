-- The scripts that Redis runs: Lua 5.1 with Redis's functions, and the names that scripts.ts fills in.
std = 'lua51'
read_globals = { 'redis', 'cjson', 'ARGV', 'keys', 'channels', 'constants' }
max_line_length = 120
