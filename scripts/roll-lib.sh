# shellcheck shell=bash
# Sourced after server-lib.sh by what replaces running containers.
: "${base:?}"
health_seconds=${HEALTH_SECONDS:-120}
# shellcheck source=scripts/probe-lib.sh
. scripts/probe-lib.sh

containers() { docker compose ps --all --quiet "$1"; }

# start_one SERVICE: one container more than there are, of the release that is current. Where it does not become healthy
# it is removed again, and what ran before is as it was.
start_one() {
  local service=$1 before id
  before=$(containers "$service")
  docker compose up --detach --wait --wait-timeout "$health_seconds" --no-deps --no-recreate \
    --scale "$service=$(($(grep -c . <<<"$before") + 1))" "$service" >/dev/null 2>&1 && return
  say "  a new $service is not healthy within $health_seconds s:"
  for id in $(containers "$service"); do
    grep -q "$id" <<<"$before" && continue
    docker logs --tail 5 "$id" >&2 || true
    docker rm --force "$id" >/dev/null
  done
  return 1
}

# roll SERVICE GRACE SETTLE: each container gets a successor before it is asked to go, and GRACE seconds to end its work.
# SETTLE seconds pass between the two: nginx asks one that refused a connection while it started again after 10 s.
roll() {
  local service=$1 grace=$2 settle=$3 id old
  old=$(containers "$service")
  for id in $old; do
    start_one "$service" || return 1
    sleep "$settle"
    docker stop --time "$grace" "$id" >/dev/null
    docker rm "$id" >/dev/null
  done
  # The number that the settings ask for, also where none ran.
  docker compose up --detach --wait --wait-timeout "$health_seconds" --no-deps --no-recreate "$service" >/dev/null 2>&1
}

is_current() {
  local id
  id=$(docker compose ps --quiet "$1")
  [ -n "$id" ] && [ "$(made_of "$1")" = "$(cat "$base/state/$1" 2>/dev/null)" ] || return 1
  [ "$(docker inspect --format '{{.Image}}' "$id")" = "$(docker image inspect --format '{{.Id}}' \
    "$(docker inspect --format '{{.Config.Image}}' "$id")")" ]
}

# replace SERVICE: only where its image or configuration is another; nobody can stand in for it meanwhile.
replace() {
  if is_current "$1"; then return 0; fi
  if docker compose up --detach --wait --wait-timeout "$health_seconds" --no-deps --force-recreate "$1" >/dev/null 2>&1; then
    remember "$1"
    return
  fi
  docker compose logs --tail 5 "$1" >&2
  return 1
}

# Those that read new records before those that write them.
roll_forward() {
  step redis replace redis && step worker roll worker 330 0 && step scheduler roll scheduler 10 0 &&
    step api roll api 130 12 && step nginx replace nginx && step certbot replace certbot
}

# The other way round: those that write new records go first.
roll_back() {
  step nginx replace nginx && step api roll api 130 12 && step scheduler roll scheduler 10 0 &&
    step worker roll worker 330 0 && step redis replace redis && step certbot replace certbot
}
