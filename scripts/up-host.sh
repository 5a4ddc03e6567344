#!/usr/bin/env bash
# Usage: scripts/up-host.sh          (called by up.sh)
# Starts the services as processes of this host, on 127.0.0.1 only. All their files are in .run/.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh
# shellcheck source=scripts/host-redis.sh
. scripts/host-redis.sh
# shellcheck source=scripts/version.sh
. scripts/version.sh

export HTTP_BIND=127.0.0.1 HTTP_PORT=${HTTP_PORT:-8080}
mkdir -p "$run_dir"/{logs,data,redis,redis-acl}
chmod 750 "$run_dir/data"

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# These ports are below the range of outgoing connections, so that none of those can take the port first.
free_port() {
  local port
  while port=$(shuf -i 20000-31999 -n 1) && port_is_taken "$port"; do :; done
  echo "$port"
}

# What can fail quickly comes before the build.
if ! is_running api && port_is_taken "$HTTP_PORT"; then
  die "port $HTTP_PORT is taken. Stop the other program, or choose another port: HTTP_PORT=$((HTTP_PORT + 1)) $(target up)"
fi
if [ -z "$(redis_program server)" ]; then
  NEEDED_FOR="$(target up) without Docker" scripts/install-packages.sh redis-server=redis-server
  hash -r
fi
say "Compiling the services."
projects=("${host_services[@]/#/services/}")
scripts/build.sh "${projects[@]/%//tsconfig.src.json}"

# If the users changed, a Redis that still runs would refuse the services. Redis also starts again if its options changed.
users=$(cat compose/redis-start.sh compose/redis-users.acl compose/redis.conf scripts/host-redis.sh | cksum)
if [ "$users" != "$(cat "$run_dir/redis.fingerprint" 2>/dev/null)" ]; then stop_services; stop redis; fi
echo "$users" >"$run_dir/redis.fingerprint"
if ! is_supervised redis; then
  stop redis
  # Keep the port, so that running services find Redis again.
  if [ ! -s "$run_dir/redis.port" ] || port_is_taken "$(cat "$run_dir/redis.port")"; then free_port >"$run_dir/redis.port"; fi
  start_redis
fi

# Restart the services if the code or the settings changed. The api rereads api_keys on its own.
settings=$(node scripts/env-example.mjs --names)
fingerprint=$({
  find services/*/dist -name '*.js' -print0 | sort -z | xargs -0 cat
  cat "$run_dir/redis.port"
  for name in $settings; do printf '%s=%s\n' "$name" "${!name-}"; done
  # The OpenTelemetry exporter reads more variables than the schemas name.
  env | grep '^OTEL_' | sort || true
} | cksum)
if [ "$fingerprint" != "$(cat "$run_dir/fingerprint" 2>/dev/null)" ]; then stop_services; fi
echo "$fingerprint" >"$run_dir/fingerprint"
# If another stack uses the default admin port, choose a free one. operator.sh reads it from the file.
if ! is_running api; then
  if [ -z "${ADMIN_PORT:-}" ] && port_is_taken 8001; then free_port; else echo "${ADMIN_PORT:-8001}"; fi >"$run_dir/admin.port"
fi
ADMIN_PORT=$(cat "$run_dir/admin.port")

export NODE_ENV=production HOST=127.0.0.1 PORT=$HTTP_PORT TRUST_PROXY=0 X_ACCEL=off TZ=${TZ:-Europe/Berlin} DATA_DIR=$run_dir/data
export ADMIN_HOST=127.0.0.1 ADMIN_PORT ADMIN_KEY_FILE=$host_secrets/admin_key
REDIS_URL=$(host_redis_url)
export REDIS_URL API_KEYS_FILE=$host_secrets/api_keys
unset REDIS_PASSWORD
for name in "${host_services[@]}"; do
  if is_supervised "$name"; then continue; fi
  stop "$name"
  start "$name" env HEARTBEAT_FILE="$run_dir/$name.heartbeat" REDIS_USERNAME="$name" \
    REDIS_PASSWORD_FILE="$host_secrets/redis_${name}_password" node "services/$name/dist/main.js"
done

has_failed() { ls "$run_dir"/*.failed >/dev/null 2>&1; }
if ! wait_ready 60 has_failed; then
  tail -n 15 "$run_dir"/logs/*.log >&2
  damage=$(is_alive redis.child || explain_redis <"$run_dir/logs/redis.log" 2>&1) || true
  if [ -n "$damage" ]; then
    say "$damage"
    exit 1
  fi
  if grep -qs 'ENOSPC\|No space left on device' "$run_dir"/logs/*.log; then die "the disk is full. Free some space (df -h .), then $(target up)"; fi
  for name in redis "${host_services[@]}"; do
    is_alive "$name.child" || die "$name does not stay up. Correct the cause shown by $(target logs) ($run_dir/logs/$name.log), then $(target up)"
  done
  die "the services run but are not ready. Read $(target logs), correct the cause, then $(target up)"
fi
