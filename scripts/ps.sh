#!/usr/bin/env bash
# Usage: scripts/ps.sh
# Shows the state of the services: containers, or processes of this host.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

# show NAME: prints the state, the PID and the number of restarts.
show() {
  local pid count at
  read -r count at 2>/dev/null <"$run_dir/$1.restarts" || count=0
  if is_alive "$1.child"; then
    read -r pid _ <"$run_dir/$1.child"
    printf '%-10s running     pid %-8s restarts %s%s\n' "$1" "$pid" "$count" "${at:+ (last at $at)}"
  elif is_alive "$1.pid"; then printf '%-10s restarting  %-12s restarts %s\n' "$1" '' "$count"
  elif [ -s "$run_dir/$1.failed" ]; then
    printf '%-10s failed      %s: make logs SERVICE=%s, then make up\n' "$1" "$(cat "$run_dir/$1.failed")" "$1"
  else printf '%-10s stopped\n' "$1"; fi
}

load_env
if scripts/host-running.sh || [ "$(mode)" = host ]; then
  for name in redis "${host_services[@]}"; do show "$name"; done
  if ! is_alive redis.child && { is_alive redis.pid || [ -s "$run_dir/redis.failed" ]; }; then
    explain_redis <"$run_dir/logs/redis.log"
  fi
else
  docker compose ps --all
  [ -n "$(docker compose ps --all --quiet)" ] || say "PDF Tools is not running. Start it with $(target up)."
  [ "$(docker compose ps --all --format '{{.Health}}' redis)" = healthy ] ||
    docker compose logs --no-log-prefix --tail 100 redis 2>/dev/null | explain_redis
fi
