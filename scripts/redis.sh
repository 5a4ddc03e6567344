#!/usr/bin/env bash
# Usage: CMD="info memory" scripts/redis.sh
# Asks Redis as its operator, whose password stays in the container. Everything is allowed: FLUSHALL too.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_env
read -r -a words <<<"${CMD:?which command? CMD=\"info memory\"}"
# shellcheck disable=SC2016 # for the shell in the container
exec docker compose exec --no-TTY redis sh -c 'REDISCLI_AUTH=$(cat /run/secrets/redis_operator_password) exec redis-cli --user operator --no-auth-warning "$@"' \
  redis "${words[@]}"
