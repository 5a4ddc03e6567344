#!/usr/bin/env bash
# Usage: [HTTP_PORT=8080] [RATE_LIMIT=off] [PDF_TOOLS_MODE=docker|host] scripts/up.sh
# Starts the stack and returns when it is ready. Running it again changes only what is out of date.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
if [ "$(mode)" = docker ]; then
  scripts/up-docker.sh
else
  if [ -z "${PDF_TOOLS_MODE:-}" ]; then
    if docker info 2>&1 | grep -q 'permission denied'; then
      say "This user may not use the Docker engine. To use it, add the user to the group docker and log in again."
    else say "No Docker engine answers."; fi
  fi
  say "Starting ${host_services[*]} and Redis as processes of this host, without nginx."
  scripts/secrets.sh
  scripts/up-host.sh
fi
print_welcome
