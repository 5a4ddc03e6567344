#!/usr/bin/env bash
# Usage: [SERVER_TOOL=../shared/engine/server] [SCANS=12] scripts/test-scale.sh
# Runs the stack as a Docker Swarm on three disposable servers. Measures the throughput of workers with 0.4 cpu each on one, two
# and three nodes, scales them by the metric, loses a node and updates the api under load. Prints the figures at the end.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

server_tool=${SERVER_TOOL:-../shared/engine/server}
[ -x "$server_tool" ] || { say "SKIPPED: $server_tool, which boots the servers, does not exist"; exit 0; }
engine_answers || die "no Docker engine with Compose v2 answers. Start Docker, then try again"
export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-pdf-tools-scale} BUILD_VERSION=test
export SERVER_NAME=pdf-tools.example NFS_OPTIONS=unused NFS_PATH=/unused
project=$COMPOSE_PROJECT_NAME work=$run_dir/test-scale nodes=(one two three) rows=()
export SECRETS_DIR=$work/secrets
mkdir -p "$run_dir"

row() { rows+=("$1|$2"); say "== $1: $2"; }
claim() { if "${@:2}"; then say "   ok: $1"; else die "NOT TRUE: $1"; fi; }
at_least() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a >= b) }'; }
server() { "$server_tool" "$1" "$project-$2" "${@:3}"; }
manager() { server run one "$@"; }
client() { ADDRESSES="${addresses[*]}" node test/scale/client.mjs "$@"; }

take_down() {
  local node
  [ -z "${load_pid:-}" ] || kill "$load_pid" 2>/dev/null || true
  for node in "${nodes[@]}"; do server stop "$node"; done
  docker volume rm "$project-shared" >/dev/null 2>&1 || true
}
trap take_down EXIT
take_down

scripts/build.sh
with_progress "Building the images." "$run_dir/test-scale-build.log" docker compose build nginx api worker scheduler ||
  die "the images could not be built"
images=(redis:8.0)
for service in nginx api worker scheduler; do images+=("$project-$service:$BUILD_VERSION"); done

# The servers share a volume, as they would share a file server.
boot() {
  docker run -d --name "engine-server-$project-$1" --hostname "$1" \
    --cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-add SYS_PTRACE --cap-add DAC_READ_SEARCH --cap-add LINUX_IMMUTABLE \
    --cap-add SYS_BOOT --cap-add SYS_NICE --cap-add IPC_LOCK --cap-add SYSLOG \
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
    --cgroupns=host --tmpfs /run --tmpfs /run/lock -v /sys/fs/cgroup:/sys/fs/cgroup:rw \
    -v "engine-server-$project-$1-docker:/var/lib/docker" -v "$project-shared:/shared" \
    -v /usr/local/lib/docker/cli-plugins:/usr/local/lib/docker/cli-plugins:ro engine-server >/dev/null
  until server run "$1" docker info >/dev/null 2>&1; do sleep 0.5; done
  docker save "${images[@]}" | server run "$1" docker load --quiet >/dev/null
}

rm -rf "$work" && mkdir -p "$SECRETS_DIR"
for name in redis_{api,worker,scheduler,health,operator}_password admin_key; do openssl rand -hex 16 >"$SECRETS_DIR/$name"; done
# No keys and no webhooks. Swarm refuses empty secrets.
for name in api_keys webhook_secret; do echo >"$SECRETS_DIR/$name"; done
addresses=()
# The first start on this machine makes the image of the servers.
docker image inspect engine-server >/dev/null 2>&1 || { server start one && server stop one; }
for node in "${nodes[@]}"; do
  boot "$node"
  addresses+=("$(server address "$node")")
done
manager sh -c 'mkdir -p /shared/data /shared/certificates && chown 10001:10001 /shared/data && chmod 2750 /shared/data &&
  chown 101:101 /shared/certificates && chmod 700 /shared/certificates'
manager docker swarm init --advertise-addr "${addresses[0]}" >/dev/null
token=$(manager docker swarm join-token --quiet worker)
for i in 1 2; do server run "${nodes[i]}" docker swarm join --token "$token" "${addresses[0]}:2377" >/dev/null; done
manager docker node update --label-add pdf-tools.redis=true one >/dev/null
WORKER_REPLICAS=1 node scripts/swarm-stack.mjs test/scale/compose.yml >"$work/stack.yml"
# The stack file names its files by their paths on this machine.
server put one "$root/compose" "$root/compose"
server put one "$work" "$work"
manager docker stack deploy --resolve-image never --compose-file "$work/stack.yml" "$project" >/dev/null
client ready
row "nodes" "$(manager docker node ls --format '{{.Hostname}} {{.Status}}' | tr '\n' ' ')"

tasks_of() {
  manager docker service ps --filter desired-state=running --format '{{.Node}} {{.CurrentState}}' "${project}_$1" |
    awk '$2 == "Running" { print $1 }'
}
has_tasks() { [ "$(tasks_of "$1" | wc -l)" = "$2" ]; }
# await_tasks SERVICE COUNT: waits until so many tasks run.
await_tasks() {
  local deadline=$((SECONDS + 120))
  until has_tasks "$1" "$2"; do
    [ $SECONDS -lt $deadline ] || die "$1 does not run $2 tasks after 120 s"
    sleep 1
  done
}
scale() {
  manager docker service scale --detach "${project}_worker=$1" >/dev/null
  await_tasks worker "$1"
  # A worker that was removed may finish a job.
  sleep 10
}

scans=${SCANS:-12} first=
client throughput 2 >/dev/null
for count in 1 2 3; do
  scale "$count"
  claim "$count workers run on $count nodes" [ "$(tasks_of worker | sort -u | wc -l)" = "$count" ]
  figure=$(client throughput "$scans")
  first=${first:-$figure}
  row "throughput of $count" "$figure scans a minute, $(awk -v a="$figure" -v b="$first" 'BEGIN { printf "%.2f", a / b }') times one"
done

# The signal: with one worker and a long queue, the script adds workers.
scale 1
read -r -d '' -a ids < <(client jobs 12 && printf '\0')
server put one "$root/scripts" /opt/scripts
manager env STACK="$project" MIN=1 MAX=3 HOLD_SECONDS=60 /opt/scripts/swarm-scale.sh | sed 's/^/   /'
await_tasks worker 3
claim "every job succeeds while workers are added" [ "$(client ended "${ids[@]}")" = 0 ]
row "scaling" "the script adds workers up to MAX"

ADDRESSES="${addresses[*]}" node test/scale/client.mjs load >"$work/load" &
load_pid=$!
manager docker service update --force --detach=false "${project}_api" >/dev/null
kill "$load_pid"
wait "$load_pid"
load_pid=
row "update of the api under load" "$(cat "$work/load")"
claim "no request fails" grep -q '"failed":0' "$work/load"

read -r -d '' -a ids < <(client jobs 24 && printf '\0')
docker kill "engine-server-$project-three" >/dev/null
claim "no job is lost with a node" [ "$(client ended "${ids[@]}")" = 0 ]
row "loss of a node" "${#ids[@]} jobs accepted, 0 lost"

printf '\n%s\n' "what | figure"
printf '%s\n' "${rows[@]}" | while IFS='|' read -r what figure; do printf '%-30s %s\n' "$what" "$figure"; done
