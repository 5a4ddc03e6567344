#!/usr/bin/env bash
# Usage: [STACK_PORT=18080] [STACK_PROJECT=pdf-tools-test] [JEST_REPORTS=FOLDER] scripts/test-stack.sh
# Runs test/stack against real containers, then test/tls against the production stack (test-tls.sh).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/test-lib.sh
. scripts/test-lib.sh

export COMPOSE_PROJECT_NAME=${STACK_PROJECT:-pdf-tools-test} HTTP_PORT=${STACK_PORT:-18080}
start_stack
status=0
run_tests stack || status=$?
take_down
scripts/test-tls.sh || status=$?
exit $status
