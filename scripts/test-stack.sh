#!/usr/bin/env bash
# Usage: [STACK_PORT=18080] [STACK_PROJECT=pdf-tools-test] [JEST_REPORTS=FOLDER] scripts/test-stack.sh
# The tests of test/stack against real containers under a project name and port of their own; taken down before and after.
# Then those of test/tls, on the production stack (test-tls.sh).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

engine_answers || die "no Docker engine with Compose v2 answers"
scripts/build.sh

# Nothing of a developer's .env changes what is tested.
export COMPOSE_PROJECT_NAME=${STACK_PROJECT:-pdf-tools-test} COMPOSE_DISABLE_ENV_FILE=1
export HTTP_BIND=127.0.0.1 HTTP_PORT=${STACK_PORT:-18080} RATE_LIMIT=on API_REPLICAS=1 ALLOWED_ORIGINS=https://app.example.org
export SECRETS_DIR=$run_dir/test-secrets
# shellcheck source=scripts/version.sh
. scripts/version.sh
compose=(docker compose --file docker-compose.yml)
take_down() { "${compose[@]}" down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1 || true; }

scripts/secrets.sh
take_down
trap take_down EXIT
"${compose[@]}" build --quiet
if ! "${compose[@]}" up --detach --wait >"$run_dir/test-stack.log" 2>&1 || ! wait_ready 60; then
  tail -n 5 "$run_dir/test-stack.log" >&2
  "${compose[@]}" logs --tail 20 >&2
  die "the stack did not become ready"
fi

status=0
STACK_URL=$(base_url) STACK_PROJECT=$COMPOSE_PROJECT_NAME \
  node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects stack --runInBand \
  ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/stack.json"} || status=$?
take_down
scripts/test-tls.sh || status=$?
exit $status
