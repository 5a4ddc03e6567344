# shellcheck shell=bash
# Sourced after server-lib.sh by the scripts that replace running containers.
: "${base:?}"
health_seconds=${HEALTH_SECONDS:-120}
# shellcheck source=scripts/probe-lib.sh
. scripts/probe-lib.sh

containers() { docker compose ps --all --quiet "$1"; }

# start_one SERVICE: starts one more container, of the current release. If it does not become healthy it is removed, and the
# other containers are unchanged.
start_one() {
  local service=$1 before id
  before=$(containers "$service")
  docker compose up --detach --wait --wait-timeout "$health_seconds" --no-deps --no-recreate \
    --scale "$service=$(($(grep -c . <<<"$before") + 1))" "$service" >/dev/null 2>&1 && return
  say "  a new container of $service did not become healthy within $health_seconds s. Its log ends with:"
  for id in $(containers "$service"); do
    grep -q "$id" <<<"$before" && continue
    docker logs --tail 5 "$id" >&2 || true
    docker rm --force "$id" >/dev/null
  done
  return 1
}

# roll SERVICE GRACE SETTLE: replaces the containers one by one. The new one is healthy before the old one is stopped, which has
# GRACE seconds to finish. SETTLE seconds pass in between, because nginx retries a replica that refused a connection after 10 s.
roll() {
  local service=$1 grace=$2 settle=$3 id old
  old=$(containers "$service")
  for id in $old; do
    start_one "$service" || return 1
    sleep "$settle"
    docker stop --time "$grace" "$id" >/dev/null
    docker rm "$id" >/dev/null
  done
  # Scales to the number in the settings, also if no container ran.
  docker compose up --detach --wait --wait-timeout "$health_seconds" --no-deps --no-recreate "$service" >/dev/null 2>&1
}

is_current() {
  local id
  id=$(docker compose ps --quiet "$1")
  [ -n "$id" ] && [ "$(made_of "$1")" = "$(cat "$base/state/$1" 2>/dev/null)" ] || return 1
  [ "$(docker inspect --format '{{.Image}}' "$id")" = "$(docker image inspect --format '{{.Id}}' \
    "$(docker inspect --format '{{.Config.Image}}' "$id")")" ]
}

# replace SERVICE: replaces its only container, if the image or the configuration changed. The service is down meanwhile.
replace() {
  if is_current "$1"; then return 0; fi
  if docker compose up --detach --wait --wait-timeout "$health_seconds" --no-deps --force-recreate "$1" >/dev/null 2>&1; then
    remember "$1"
    return
  fi
  docker compose logs --tail 5 "$1" >&2
  return 1
}

# The containers of compose/monitoring.yml.
monitoring=(prometheus alertmanager redis-exporter nginx-exporter node-exporter grafana)
monitoring_is_on() { docker compose config --services | grep -qxF prometheus; }

# A release has no monitoring images: get those that are missing before anything changes.
pull_monitoring() {
  if ! monitoring_is_on; then return 0; fi
  local image
  for image in $(docker compose config --images "${monitoring[@]}"); do
    docker image inspect "$image" >/dev/null 2>&1 && continue
    say "pulling $image"
    docker pull --quiet "$image" >/dev/null ||
      die "the image $image could not be pulled. Load it from another machine (Monitoring in OPERATIONS.md), or set MONITORING=off in ${etc:?}/.env. The service was not changed"
  done
}

# Starts the containers of monitoring, or removes them if it is off.
roll_monitoring() {
  local service
  if monitoring_is_on; then
    docker compose up --detach --wait --wait-timeout "$health_seconds" --no-deps "${monitoring[@]}" >/dev/null 2>&1 ||
      say "The containers of monitoring did not all become healthy. The service is not affected. Read make ps and make logs"
    return 0
  fi
  for service in "${monitoring[@]}"; do
    docker ps --all --quiet --filter "label=com.docker.compose.project=pdf-tools" --filter "label=com.docker.compose.service=$service" |
      xargs -r docker rm --force >/dev/null
  done
}

# Services that read new records are replaced before services that write them.
roll_forward() {
  step redis replace redis && step worker roll worker 330 0 && step scheduler roll scheduler 10 0 &&
    step api roll api 130 12 && step nginx replace nginx && step certbot replace certbot
}

# The other way round: services that write new records are replaced first.
roll_back() {
  step nginx replace nginx && step api roll api 130 12 && step scheduler roll scheduler 10 0 &&
    step worker roll worker 330 0 && step redis replace redis && step certbot replace certbot
}
