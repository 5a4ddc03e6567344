#!/usr/bin/env bash
# Usage: scripts/top.sh
# Shows CPU and memory of each container, and load, memory and disk of the host.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_env
ids=$(docker compose ps --quiet)
[ -n "$ids" ] || die "no container is running. Start the service with make up"
# shellcheck disable=SC2086 # one word each
docker stats --no-stream --format 'table {{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.PIDs}}' $ids
echo
uptime
free -m
df -h "$(docker info --format '{{.DockerRootDir}}')"
