#!/usr/bin/env bash
# Usage: scripts/up-host.sh          (called by up.sh)
# The same services as processes of this host, on 127.0.0.1 alone; everything they leave is below .run/.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh
# shellcheck source=scripts/version.sh
. scripts/version.sh

export HTTP_BIND=127.0.0.1 HTTP_PORT=${HTTP_PORT:-8080}
scripts/build.sh services/api services/worker services/scheduler
mkdir -p "$run_dir"/{logs,data,redis,redis-acl}
chmod 750 "$run_dir/data"

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# Below what Linux gives to outgoing connections: one of those cannot take the port before its service does.
free_port() {
  local port
  while port=$(shuf -i 20000-31999 -n 1) && port_is_taken "$port"; do :; done
  echo "$port"
}

redis_server=$(command -v redis-server || command -v valkey-server || true)
if [ -z "$redis_server" ]; then
  scripts/install-packages.sh redis-server=redis-server
  redis_server=$(command -v redis-server)
fi

# Users changed: an older Redis would not let the services in.
users=$(cat compose/redis-start.sh compose/redis.conf | cksum)
if [ "$users" != "$(cat "$run_dir/redis.fingerprint" 2>/dev/null)" ]; then stop_services; stop redis 10; fi
echo "$users" >"$run_dir/redis.fingerprint"
if ! is_running redis; then
  free_port >"$run_dir/redis.port"
  start redis env REDIS_SERVER="$redis_server" sh compose/redis-start.sh compose/redis.conf "${SECRETS_DIR:-$run_dir/secrets}" \
    "$run_dir/redis-acl" --bind 127.0.0.1 --port "$(cat "$run_dir/redis.port")" --dir "$run_dir/redis"
fi

# Other code or other settings than those that run: start the services again.
settings='^(ADMIN|REDIS|API|JOB|CHILD|QUEUE|WORKER|FILE|SWEEP|MAX|RATE|SYNC|ALLOWED|DISK|HTTP|LOG|SHUTDOWN)_'
fingerprint=$({
  find services/*/dist -name '*.js' -print0 | sort -z | xargs -0 cat
  cat "$run_dir/redis.port" "${SECRETS_DIR:-$run_dir/secrets}/api_keys"
  env | grep -E "$settings" | sort
} | cksum)
if [ "$fingerprint" != "$(cat "$run_dir/fingerprint" 2>/dev/null)" ]; then stop_services; fi
if ! is_running api && port_is_taken "$HTTP_PORT"; then
  die "port $HTTP_PORT is taken: HTTP_PORT=8081 make up"
fi
echo "$fingerprint" >"$run_dir/fingerprint"
# Nobody types the admin port: another stack's on this host is no reason not to start. operator.sh reads it here.
if ! is_running api; then
  if [ -z "${ADMIN_PORT:-}" ] && port_is_taken 8001; then free_port; else echo "${ADMIN_PORT:-8001}"; fi >"$run_dir/admin.port"
fi
ADMIN_PORT=$(cat "$run_dir/admin.port")

export NODE_ENV=production HOST=127.0.0.1 PORT=$HTTP_PORT TRUST_PROXY=0 X_ACCEL=off TZ=Europe/Berlin DATA_DIR=$run_dir/data
redis_port=$(cat "$run_dir/redis.port")
export ADMIN_HOST=127.0.0.1 ADMIN_PORT ADMIN_KEY_FILE=${SECRETS_DIR:-$run_dir/secrets}/admin_key
export REDIS_URL=redis://127.0.0.1:$redis_port/0 API_KEYS_FILE=${SECRETS_DIR:-$run_dir/secrets}/api_keys
unset REDIS_PASSWORD
for name in "${host_services[@]}"; do
  is_running "$name" || start "$name" env HEARTBEAT_FILE="$run_dir/$name.heartbeat" REDIS_USERNAME="$name" \
    REDIS_PASSWORD_FILE="${SECRETS_DIR:-$run_dir/secrets}/redis_${name}_password" node "services/$name/dist/main.js"
done

if ! wait_ready 30; then
  tail -n 15 "$run_dir"/logs/*.log >&2
  die "the services did not become ready; their logs are in .run/logs"
fi
