#!/usr/bin/env bash
# Usage: scripts/host-running.sh
# Succeeds if processes of the stack run on this host, started by `make up` without Docker.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

for name in redis "${host_services[@]}"; do
  if is_running "$name"; then exit 0; fi
done
exit 1
