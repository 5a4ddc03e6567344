# shellcheck shell=bash
# Sourced after processes.sh: Redis in host mode.
: "${run_dir:?}"
host_secrets=${SECRETS_DIR:-$run_dir/secrets}

# redis_program server|cli: prints the path of Redis's program, or of Valkey's.
redis_program() { command -v "redis-$1" || command -v "valkey-$1"; }

start_redis() {
  start redis env REDIS_SERVER="$(redis_program server)" sh compose/redis-start.sh compose/redis.conf "$host_secrets" \
    "$run_dir/redis-acl" --bind 127.0.0.1 --port "$(cat "$run_dir/redis.port")" --dir "$run_dir/redis"
}

# Runs a command as the operator, who may run every command.
host_redis_cli() {
  REDISCLI_AUTH=$(cat "$host_secrets/redis_operator_password") \
    "$(redis_program cli)" -p "$(cat "$run_dir/redis.port")" --user operator --no-auth-warning "$@"
}
