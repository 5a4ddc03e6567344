#!/usr/bin/env bash
# Usage: [YES=1] scripts/clean.sh
# Removes the stack with its volumes and images, what runs on this host with its data, and everything compiled.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "${YES:-}" != 1 ]; then
  read -r -p 'Remove containers, volumes (all jobs and files), .run, dist and node_modules? [y/N] ' answer || answer=n
  [ "$answer" = y ] || die "nothing was removed"
fi
scripts/down.sh
if engine_answers; then docker compose down --volumes --rmi local --remove-orphans; fi
rm -rf .run node_modules services/*/dist test/dist services/*/node_modules test/node_modules
