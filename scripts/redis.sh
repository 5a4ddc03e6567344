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
[ -n "${CMD:-}" ] || die "CMD is missing. Example: make redis CMD=\"info memory\""
read -r -a words <<<"$CMD"
if scripts/host-running.sh; then host_redis_cli "${words[@]}"; exit; fi
[ "$(mode)" = docker ] || die "PDF Tools is not running. Start it with $(target up)"
# shellcheck disable=SC2016 # for the shell in the container
exec docker compose exec --no-TTY redis sh -c 'REDISCLI_AUTH=$(cat /run/secrets/redis_operator_password) exec redis-cli --user operator --no-auth-warning "$@"' \
  redis "${words[@]}"
