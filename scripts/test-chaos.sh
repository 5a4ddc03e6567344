#!/usr/bin/env bash
# Usage: [CHAOS_SECONDS=120] [CHAOS_SEED=N] [CHAOS_PORT=18081] [JEST_REPORTS=FOLDER] scripts/test-chaos.sh
# The real containers under a stream of jobs while they are killed, paused, cut off and filled up (test/chaos). The
# schedule follows from the seed, which is printed: the same seed does the same faults again. CHAOS_SECONDS=600 for a
# night. Its end is waited for: retention and sweep take about 90 s more. Taken down with its volumes before and after.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

engine_answers || die "no Docker engine with Compose v2 answers"
scripts/build.sh

# Nothing of a developer's .env changes what is tested.
export COMPOSE_PROJECT_NAME=${CHAOS_PROJECT:-pdf-tools-chaos} COMPOSE_DISABLE_ENV_FILE=1
export HTTP_BIND=127.0.0.1 HTTP_PORT=${CHAOS_PORT:-18081} RATE_LIMIT=off API_REPLICAS=1 WORKER_CONCURRENCY=2
# Long enough for a client to see every end, short enough to wait for.
export FILE_MAX_AGE_HOURS=0.0175 SWEEP_INTERVAL_SECONDS=2
export SECRETS_DIR=$run_dir/test-secrets
export CHAOS_SECONDS=${CHAOS_SECONDS:-120} CHAOS_SEED=${CHAOS_SEED:-$RANDOM}
# shellcheck source=scripts/version.sh
. scripts/version.sh
compose=(docker compose --file docker-compose.yml --file test/chaos/compose.yml)
take_down() { "${compose[@]}" down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1 || true; }
# A container that the test left paused would not stop.
unpause() { "${compose[@]}" unpause >/dev/null 2>&1 || true; }

scripts/secrets.sh
unpause
take_down
trap 'unpause; take_down' EXIT
"${compose[@]}" build --quiet
if ! "${compose[@]}" up --detach --wait --scale worker=2 >"$run_dir/test-chaos.log" 2>&1 || ! wait_ready 60; then
  tail -n 5 "$run_dir/test-chaos.log" >&2
  "${compose[@]}" logs --tail 20 >&2
  die "the stack did not become ready"
fi

say "CHAOS_SEED=$CHAOS_SEED CHAOS_SECONDS=$CHAOS_SECONDS"
status=0
STACK_URL=$(base_url) STACK_PROJECT=$COMPOSE_PROJECT_NAME \
  node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects chaos --runInBand \
  ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/chaos.json"} || status=$?
[ $status = 0 ] || "${compose[@]}" logs --no-color --timestamps >"$run_dir/test-chaos.log" 2>&1
exit $status
