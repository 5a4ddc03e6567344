#!/bin/sh
# Usage: redis-start.sh REDIS_CONF SECRETS_DIR STATE_DIR [redis-server options...]
# Starts Redis with an ACL made from the secret files: no password in the environment, a command line or an image.
#   api, worker, scheduler  what the service does: its commands, on its keys; scripts run with their caller's rights
#   health                  PING alone, for the health check
#   operator                everything, for `make redis`
#   exporter                INFO, for Prometheus; only where its secret is there (compose/monitoring.yml)
# Nobody else: the default user is off. Its rights are those with which Redis reads its own file at the start: with fewer
# it would leave out every transaction, and so every job.
# What the services send is tested by running them against this very list.
set -eu
conf=$1 secrets=$2 state=$3
shift 3

hash_of() {
  [ -s "$secrets/$1" ] || { echo "redis-start: the secret $1 is missing or empty" >&2; exit 1; }
  tr -d '\n' <"$secrets/$1" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d ' ' -f 1
}

api=$(hash_of redis_api_password)
worker=$(hash_of redis_worker_password)
scheduler=$(hash_of redis_scheduler_password)
health=$(hash_of redis_health_password)
operator=$(hash_of redis_operator_password)
exporter=
if [ -s "$secrets/redis_exporter_passwords" ]; then
  # The exporter reads JSON: its one password by the address.
  exporter=$(sed -n 's/.*": *"\([^"]*\)".*/\1/p' "$secrets/redis_exporter_passwords" | tr -d '\n' |
    { sha256sum 2>/dev/null || shasum -a 256; } | cut -d ' ' -f 1)
fi

# The clients' greetings, the queue's readiness check, transactions and scripts.
connection="-@all +@connection -@dangerous +info +multi +exec +eval +evalsha +script|load +script|exists"
# What the scripts that change jobs do (services/shared/src/job-scripts.ts), and whoever reads records and indexes.
jobs="+time +publish +hset +hget +hmget +hgetall +hsetnx +hincrby +hdel +hexists +get +set +del +exists +copy"
jobs="$jobs +incr +incrby +decrby +lpush +lrange +ltrim +zadd +zrem +zcard +zrange +zrangebyscore"
# A worker looks once for rings that another died with, the scheduler again and again.
stalled="+smembers +sadd +srem +lrem"
queue='~bq:pdf:*'
records='~pdf:job:* ~pdf:lane:* ~pdf:vtime ~pdf:tags ~pdf:queued ~pdf:queued-bytes ~pdf:delayed ~pdf:active ~pdf:expiry ~pdf:dead ~pdf:pace ~pdf:log-level:*'
webhooks='~pdf:webhooks ~pdf:webhook:*'
umask 077
cat >"$state/users.acl" <<EOF
user default reset off ~* &* +@all
user api reset on #$api ~pdf:* $queue &pdf:events &pdf:stop $connection $jobs +subscribe +unsubscribe +zrank +zscore +zremrangebyscore +mget +pttl
user worker reset on #$worker $records $webhooks ~pdf:workers ~pdf:worker:* $queue &pdf:events &pdf:stop $connection $jobs +subscribe +unsubscribe +brpoplpush $stalled
user scheduler reset on #$scheduler $records $webhooks ~pdf:idempotency:* ~pdf:tombstone:* $queue &pdf:events &pdf:stop $connection $jobs $stalled +scard +llen
user health reset on #$health -@all +ping
user operator reset on #$operator ~* &* +@all
${exporter:+user exporter reset on #$exporter -@all +ping +info +client|setname}
EOF

# 40 % of the container's memory: rewriting the append-only file forks, and a fork may double what is in use.
limit=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null | head -n 1)
case "$limit" in
  '' | max | ???????????????*) maxmemory=256mb ;;
  *) maxmemory=$((limit * 2 / 5)) ;;
esac

exec "${REDIS_SERVER:-redis-server}" "$conf" --aclfile "$state/users.acl" --maxmemory "$maxmemory" "$@"
