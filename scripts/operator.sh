#!/usr/bin/env bash
# Usage: [STATUS=queued|active|succeeded|failed|cancelled] [LIMIT=50] [ID=...] [LEVEL=debug] [SERVICE=api] [JSON=1] scripts/operator.sh COMMAND
# Sends a request to the admin listener of the running stack. COMMAND: jobs, workers, events, dead-letters, retry or log-level.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
command=${1:-}
case $command in
  jobs | workers | events | dead-letters | retry | log-level) ;;
  # The former name of dead-letters.
  dead) command=dead-letters ;;
  *) die "COMMAND must be jobs, workers, events, dead-letters, retry or log-level, not '$command'" ;;
esac
if scripts/host-running.sh; then
  [ ! -s "$run_dir/admin.port" ] || ADMIN_PORT=$(cat "$run_dir/admin.port")
  export ADMIN_PORT=${ADMIN_PORT:-8001} ADMIN_KEY_FILE=${SECRETS_DIR:-$run_dir/secrets}/admin_key
  exec node scripts/operator.mjs "$command"
fi
[ "$(mode)" = docker ] || die "PDF Tools is not running. Start it with $(target up)"
[ -n "$(docker compose ps --quiet --status running api)" ] || die "no api container is running. Start it with $(target up)"

# The listener is only on the containers' networks, so the request comes from inside the api's container, with its key.
# Standard input stays open as long as this script runs. When it ends, the program inside ends too.
settings=()
for name in STATUS LIMIT ID LEVEL SERVICE JSON; do settings+=(--env "$name=${!name:-}"); done
exec docker compose exec --no-TTY "${settings[@]}" --env UNTIL_STDIN_ENDS=1 api \
  node --input-type=module --eval "$(cat scripts/operator.mjs)" -- "$command" \
  < <(while kill -0 $$ 2>/dev/null; do sleep 1; done)
