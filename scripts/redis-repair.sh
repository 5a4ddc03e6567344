#!/usr/bin/env bash
# Usage: [YES=1] scripts/redis-repair.sh
# Truncates a damaged append-only file of Redis at the first damaged command, so that Redis can start. Keeps a copy of the damaged
# files. Jobs recorded after that point are lost. Redis is stopped during the repair. YES=1 does not ask.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

load_env
# shellcheck source=scripts/host-redis.sh
. scripts/host-redis.sh
if [ "${YES:-}" != 1 ] && [ ! -t 0 ]; then die "this changes data and needs an answer. Run it on a terminal, or with YES=1 make redis-repair"; fi
was_up=
if scripts/host-running.sh || { [ "$(mode)" = host ] && [ -s "$run_dir/redis.port" ]; }; then
  if is_running redis || [ -e "$run_dir/redis.failed" ]; then was_up=yes; fi
  stop_it() { stop redis; }
  start_it() { start_redis; }
  answers() { [ "$(host_redis_cli ping 2>/dev/null)" = PONG ]; }
  repair() { sh compose/redis-repair.sh "$1" "$run_dir/redis"; }
else
  engine_answers || die "PDF Tools is not running, so its Redis is unknown. Run $(target up) first"
  was_up=$(docker compose ps --all --quiet redis)
  stop_it() { docker compose stop redis >/dev/null 2>&1; }
  start_it() { docker compose up --detach --no-deps --no-recreate redis >/dev/null 2>&1; }
  answers() { [ "$(CMD=ping scripts/redis.sh 2>/dev/null)" = PONG ]; }
  # Runs in a container like Redis's, with its volume, user and version.
  repair() { docker compose run --rm --no-deps --no-TTY --entrypoint sh redis -s -- "$1" /data <compose/redis-repair.sh 2>/dev/null; }
fi

if [ -n "$was_up" ]; then say "Stopping Redis."; fi
stop_it
restart() {
  [ -n "$was_up" ] || return 0
  say "Starting Redis."
  start_it
}
trap restart EXIT
findings=$(repair check) && status=0 || status=$?
say "${findings:-compose/redis-repair.sh could not run}"
case $status in
  0) say "If Redis still does not start, make logs SERVICE=redis shows the reason, and make restore restores a backup."; exit 0 ;;
  1) ;;
  *) exit 1 ;;
esac
confirm 'Cut this off? Jobs recorded after it are lost. A copy of the damaged files is kept.' || die "nothing was changed"
repair fix >&2 || die "nothing was repaired. The line above says why"
trap - EXIT
restart
if [ -z "$was_up" ]; then say "Start Redis with $(target up)."; exit 0; fi
for _ in $(seq 150); do
  if answers; then say "Redis is running."; exit 0; fi
  sleep 0.2
done
die "Redis was repaired, but does not answer. Read make logs SERVICE=redis"
