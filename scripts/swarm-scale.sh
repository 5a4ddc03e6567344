#!/usr/bin/env bash
# Usage: [STACK=pdf-tools] [MIN=2] [MAX=10] [HOLD_SECONDS=300] scripts/swarm-scale.sh
# Scales the workers of a stack to pdf_tools_workers_wanted, from MIN to MAX. Run it on a manager every 30 s (compose/SCALING.md).
# Adds workers at once. Removes workers when the larger number was not wanted for HOLD_SECONDS.
set -euo pipefail
stack=${STACK:-pdf-tools} min=${MIN:-2} max=${MAX:-10} hold=${HOLD_SECONDS:-300}
state=${STATE_DIR:-/var/lib/pdf-tools}/swarm-scale.$stack
die() { echo "error: $*" >&2; exit 1; }

for number in "$min" "$max" "$hold"; do
  [[ $number =~ ^[0-9]+$ ]] || die "MIN, MAX and HOLD_SECONDS must be whole numbers, not '$number'"
done
[ "$min" -le "$max" ] || die "MIN is $min and MAX is $max. MIN must not be larger"
current=$(docker service inspect --format '{{.Spec.Mode.Replicated.Replicas}}' "${stack}_worker") ||
  die "there is no service ${stack}_worker. Run this on a manager of the swarm, and set STACK to the name of the stack"

# The metrics are only on a network of the stack, so a container on this node that is on it reads them.
read_metrics() {
  local service container
  for service in scheduler worker api; do
    container=$(docker ps --quiet --filter "label=com.docker.swarm.service.name=${stack}_$service" | head -n 1)
    [ -n "$container" ] || continue
    docker exec "$container" node --eval \
      "fetch('http://scheduler:9464/metrics', { signal: AbortSignal.timeout(10_000) }).then(async (r) => console.log(await r.text()))"
    return
  done
  echo "no task of scheduler, worker or api runs on this node" >&2
  return 1
}
wanted=$(read_metrics | sed -n 's/^pdf_tools_workers_wanted \([0-9]*\)$/\1/p') || wanted=
[ -n "$wanted" ] || die "the scheduler does not report pdf_tools_workers_wanted. The number of workers stays at $current"

# The largest number of the last HOLD_SECONDS.
mkdir -p "$(dirname "$state")"
now=$(date +%s)
touch "$state"
{
  awk -v oldest=$((now - hold)) '$1 > oldest' "$state"
  echo "$now $wanted"
} >"$state.new"
mv "$state.new" "$state"
target=$(awk -v target="$min" '$2 > target { target = $2 } END { print target }' "$state")
[ "$target" -le "$max" ] || target=$max

if [ "$target" = "$current" ]; then
  echo "workers: $current, wanted now: $wanted"
  exit 0
fi
echo "workers: $current -> $target, wanted now: $wanted"
docker service scale --detach "${stack}_worker=$target" >/dev/null
