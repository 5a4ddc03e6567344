#!/usr/bin/env bash
# Usage: CMD="info memory" scripts/redis.sh
# Sends a command to Redis as the operator, who may run every command, including FLUSHALL. With Docker the password stays in the
# container.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

load_env
# shellcheck source=scripts/host-redis.sh
. scripts/host-redis.sh
read -r -a words <<<"${CMD:?is missing. Example: CMD=\"info memory\" make redis}"
if scripts/host-running.sh; then host_redis_cli "${words[@]}"; exit; fi
# shellcheck disable=SC2016 # for the shell in the container
exec docker compose exec --no-TTY redis sh -c 'REDISCLI_AUTH=$(cat /run/secrets/redis_operator_password) exec redis-cli --user operator --no-auth-warning "$@"' \
  redis "${words[@]}"
