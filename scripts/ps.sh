#!/usr/bin/env bash
# Usage: scripts/ps.sh
# What runs: containers, or processes of this host.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

load_env
if scripts/host-running.sh || [ "$(mode)" = host ]; then
  for name in redis "${host_services[@]}"; do
    if is_running "$name"; then printf '%-10s running   pid %s\n' "$name" "$(cut -d ' ' -f 1 "$run_dir/$name.pid")"
    else printf '%-10s stopped\n' "$name"; fi
  done
else
  docker compose ps --all
fi
