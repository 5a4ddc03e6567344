#!/usr/bin/env bash
# Usage: scripts/logs.sh [SERVICE]
# The last lines of the logs; on a terminal it goes on showing them.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
follow=
if [ -t 1 ]; then follow=-f; fi
if scripts/host-running.sh; then
  files=("$run_dir"/logs/*.log)
  if [ -n "${1:-}" ]; then files=("$run_dir/logs/$1.log"); fi
  exec tail -n 100 ${follow:+-f} "${files[@]}"
fi
exec docker compose logs --tail 100 ${follow:+-f} "$@"
