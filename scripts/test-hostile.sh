#!/usr/bin/env bash
# Usage: [STACK_PORT=18082] [STACK_PROJECT=pdf-tools-hostile] [HOSTILE_ONLY=files|requests|floods] [JEST_REPORTS=FOLDER] scripts/test-hostile.sh
# Hostile files, requests and floods against real containers, through nginx (test/hostile). The attacks shared beside
# the project are built where they are there; without them the suite's own run alone. Taken down before and after.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

engine_answers || die "no Docker engine with Compose v2 answers"
scripts/build.sh
scripts/install-packages.sh python3=python3 qpdf=qpdf

HOSTILE_CORPUS=$(scripts/build-attacks.sh)
export HOSTILE_CORPUS

# Nothing of a developer's .env changes what is tested.
export COMPOSE_PROJECT_NAME=${STACK_PROJECT:-pdf-tools-hostile} COMPOSE_DISABLE_ENV_FILE=1
export HTTP_BIND=127.0.0.1 HTTP_PORT=${STACK_PORT:-18082} RATE_LIMIT=on API_REPLICAS=1 WORKER_CONCURRENCY=2
export ALLOWED_ORIGINS=https://app.example.org SECRETS_DIR=$run_dir/test-secrets
# Short, so that what only the box stops is stopped soon.
export JOB_SOFT_LIMIT_SECONDS=20 JOB_HARD_LIMIT_SECONDS=25
# shellcheck source=scripts/version.sh
. scripts/version.sh
compose=(docker compose --file docker-compose.yml)
take_down() { "${compose[@]}" down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1 || true; }

scripts/secrets.sh
take_down
trap take_down EXIT
"${compose[@]}" build --quiet
if ! "${compose[@]}" up --detach --wait >"$run_dir/test-hostile.log" 2>&1 || ! wait_ready 60; then
  tail -n 5 "$run_dir/test-hostile.log" >&2
  "${compose[@]}" logs --tail 20 >&2
  die "the stack did not become ready"
fi

status=0
STACK_URL=$(base_url) STACK_PROJECT=$COMPOSE_PROJECT_NAME \
  node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects hostile --runInBand \
  ${HOSTILE_ONLY:+--testPathPatterns "hostile/$HOSTILE_ONLY"} \
  ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/hostile.json"} || status=$?
[ $status = 0 ] || "${compose[@]}" logs --no-color --timestamps >"$run_dir/test-hostile.log" 2>&1
exit $status
