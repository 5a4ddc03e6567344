#!/usr/bin/env bash
# Usage: scripts/down.sh
# Stops the containers and processes that `make up` started in this clone. The data stay.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

load_env
# shellcheck source=scripts/stack-lib.sh
. scripts/stack-lib.sh
was_running=
if scripts/host-running.sh; then
  was_running=yes
  say "Stopping the processes of this host."
  stop_services
  stop redis
fi
[ "${PDF_TOOLS_MODE:-docker}" = docker ] && engine_answers || exit 0
folder=$(other_folder)
if [ -z "$folder" ]; then docker compose down --remove-orphans
elif [ -z "$was_running" ]; then die "the stack \"$project\" belongs to $folder. Nothing was stopped"
fi
