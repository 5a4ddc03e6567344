#!/usr/bin/env bash
# Usage: [HTTP_PORT=8080] [RATE_LIMIT=off] [PDF_TOOLS_MODE=docker|host] scripts/up.sh
# Starts the stack and returns when it is ready. A second call changes nothing that is up to date.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
scripts/secrets.sh
if [ "$(mode)" = docker ]; then
  scripts/up-docker.sh
else
  if [ -z "${PDF_TOOLS_MODE:-}" ]; then say "No Docker engine answers."; fi
  say "starting the api, the worker, the scheduler and a Redis of their own as processes of this host, without nginx"
  scripts/up-host.sh
fi
print_welcome
