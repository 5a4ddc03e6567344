#!/usr/bin/env bash
# Usage: scripts/top.sh
# Shows CPU and memory of each container, or of each process without Docker, and load, memory and disk of the host.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh
load_env
if scripts/host-running.sh; then
  for name in redis "${host_services[@]}"; do
    is_alive "$name.child" || continue
    read -r pid _ <"$run_dir/$name.child"
    if command -v ps >/dev/null; then printf '%-10s %s\n' "$name" "$(ps -o 'pid=,%cpu=,rss=' -p "$pid" | awk '{ printf "pid %-8s CPU %5s %%  memory %5d MiB", $1, $2, $3 / 1024 }')"
    else printf '%-10s pid %-8s memory %5d MiB\n' "$name" "$pid" "$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status")"; fi
  done
  echo
  uptime
  if command -v free >/dev/null; then free -m; fi
  df -h "$run_dir"
  exit
fi
[ "$(mode)" = docker ] || die "PDF Tools is not running. Start it with $(target up)"
ids=$(docker compose ps --quiet)
[ -n "$ids" ] || die "no container is running. Start the service with $(target up)"
# shellcheck disable=SC2086 # one word each
docker stats --no-stream --format 'table {{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.PIDs}}' $ids
echo
uptime
free -m
df -h "$(docker info --format '{{.DockerRootDir}}')"
