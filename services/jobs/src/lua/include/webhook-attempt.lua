-- Ends the script with 0 unless ARGV[3] is the current attempt: another scheduler may have taken the webhook, or the
-- job was deleted or has ended again. Defines `webhook`.
local webhook = keys.webhook .. ARGV[1]
local state = redis.call('HMGET', webhook, 'version', 'deliveries')
if state[1] ~= ARGV[2] or state[2] ~= ARGV[3] then return 0 end
