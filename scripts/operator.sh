#!/usr/bin/env bash
# Usage: [STATUS=queued|active|succeeded|failed|cancelled] [LIMIT=50] [ID=...] [LEVEL=debug] [SERVICE=api] [JSON=1] scripts/operator.sh COMMAND
# Asks the admin listener of the stack that runs. COMMAND: jobs, workers, events, dead, retry or log-level.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
command=${1:?which command? jobs, workers, events, dead, retry or log-level}
if scripts/host-running.sh; then
  [ ! -s "$run_dir/admin.port" ] || ADMIN_PORT=$(cat "$run_dir/admin.port")
  export ADMIN_PORT=${ADMIN_PORT:-8001} ADMIN_KEY_FILE=${SECRETS_DIR:-$run_dir/secrets}/admin_key
  exec node scripts/operator.mjs "$command"
fi
[ "$(mode)" = docker ] || die "nothing runs here: make up"
[ -n "$(docker compose ps --quiet --status running api)" ] || die "no api container runs: make up"

# The listener is on the containers' networks alone, so it is asked from inside one, with the key that it has there.
# Standard input lives as long as this command: its end tells the program inside that nobody reads any more.
settings=()
for name in STATUS LIMIT ID LEVEL SERVICE JSON; do settings+=(--env "$name=${!name:-}"); done
exec docker compose exec --no-TTY "${settings[@]}" --env UNTIL_STDIN_ENDS=1 api \
  node --input-type=module --eval "$(cat scripts/operator.mjs)" -- "$command" \
  < <(while kill -0 $$ 2>/dev/null; do sleep 1; done)
