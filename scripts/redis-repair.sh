#!/usr/bin/env bash
# Usage: [YES=1] scripts/redis-repair.sh
# Cuts a damaged append-only file of Redis off at the first damaged command, so that Redis starts again. A copy of the damaged
# files stays. Jobs that were recorded after that point are lost. Redis is stopped meanwhile; YES=1 does not ask.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

load_env
# shellcheck source=scripts/host-redis.sh
. scripts/host-redis.sh
if [ "${YES:-}" != 1 ] && [ ! -t 0 ]; then die "this needs a yes: YES=1 make redis-repair"; fi
was_up=
if scripts/host-running.sh || { [ "$(mode)" = host ] && [ -s "$run_dir/redis.port" ]; }; then
  if is_running redis || [ -e "$run_dir/redis.failed" ]; then was_up=yes; fi
  stop_it() { stop redis; }
  start_it() { start_redis; }
  answers() { [ "$(host_redis_cli ping 2>/dev/null)" = PONG ]; }
  repair() { sh compose/redis-repair.sh "$1" "$run_dir/redis"; }
else
  engine_answers || die "nothing runs here: make up"
  was_up=$(docker compose ps --all --quiet redis)
  stop_it() { docker compose stop redis >/dev/null 2>&1; }
  start_it() { docker compose up --detach --no-deps --no-recreate redis >/dev/null 2>&1; }
  answers() { [ "$(CMD=ping scripts/redis.sh 2>/dev/null)" = PONG ]; }
  # In a container like Redis's own: with its volume, user and version.
  repair() { docker compose run --rm --no-deps --no-TTY --entrypoint sh redis -s -- "$1" /data <compose/redis-repair.sh 2>/dev/null; }
fi

if [ -n "$was_up" ]; then say "stopping Redis"; fi
stop_it
restart() {
  [ -n "$was_up" ] || return 0
  say "starting Redis"
  start_it
}
trap restart EXIT
findings=$(repair check) && status=0 || status=$?
say "${findings:-redis-repair.sh could not run}"
case $status in
  0) say "If Redis does not start all the same, its log says why (make logs SERVICE=redis). A backup: make restore."; exit 0 ;;
  1) ;;
  *) exit 1 ;;
esac
if [ "${YES:-}" != 1 ]; then
  read -r -p 'Cut this off? Jobs recorded after it are lost. A copy of the damaged files stays. [y/N] ' answer || answer=n
  [ "$answer" = y ] || die "nothing was changed"
fi
repair fix >&2 || die "nothing was repaired"
trap - EXIT
restart
if [ -z "$was_up" ]; then say "make up starts it"; exit 0; fi
for _ in $(seq 150); do
  if answers; then say "Redis runs"; exit 0; fi
  sleep 0.2
done
die "Redis was repaired, but does not answer: make logs SERVICE=redis"
