#!/usr/bin/env bash
# Usage: scripts/down.sh
# Stops the containers and the processes that `make up` started, and nothing else. Data stays.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

load_env
if scripts/host-running.sh; then
  say "stopping the processes of this host"
  stop_services
  stop redis
fi
if [ "${PDF_TOOLS_MODE:-docker}" = docker ] && engine_answers; then docker compose down --remove-orphans; fi
