# shellcheck shell=bash
# Sourced after processes.sh: Redis in host mode.
: "${run_dir:?}"
host_secrets=${SECRETS_DIR:-$run_dir/secrets}

# redis_program server|cli: prints the path of Redis's program, or of Valkey's.
redis_program() { command -v "redis-$1" || command -v "valkey-$1"; }

# The services connect to this socket. Its path may be too long for the system, which allows about 100 bytes.
host_redis_socket=$run_dir/redis.sock
if [ "${#host_redis_socket}" -gt 100 ]; then host_redis_socket=; fi

start_redis() {
  local socket=()
  if [ -n "$host_redis_socket" ]; then socket=(--unixsocket "$host_redis_socket" --unixsocketperm 700); fi
  start redis env REDIS_SERVER="$(redis_program server)" sh compose/redis-start.sh compose/redis.conf "$host_secrets" \
    "$run_dir/redis-acl" --bind 127.0.0.1 --port "$(cat "$run_dir/redis.port")" --dir "$run_dir/redis" ${socket[@]+"${socket[@]}"}
}

# Prints the address of Redis for the services.
host_redis_url() {
  if [ -n "$host_redis_socket" ]; then echo "unix://${host_redis_socket// /%20}"
  else echo "redis://127.0.0.1:$(cat "$run_dir/redis.port")/0"; fi
}

# Runs a command as the operator, who may run every command.
host_redis_cli() {
  REDISCLI_AUTH=$(cat "$host_secrets/redis_operator_password") \
    "$(redis_program cli)" -p "$(cat "$run_dir/redis.port")" --user operator --no-auth-warning "$@"
}
