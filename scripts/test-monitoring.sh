#!/usr/bin/env bash
# Usage: [STACK_PORT=18180] [STACK_PROJECT=pdf-tools-mon] [JEST_REPORTS=FOLDER] scripts/test-monitoring.sh
# Runs test/monitoring against real containers with compose/monitoring.yml, except Grafana. The tests send the queries of its
# dashboard to Prometheus.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/test-lib.sh
. scripts/test-lib.sh

port=${STACK_PORT:-18180}
export COMPOSE_PROJECT_NAME=${STACK_PROJECT:-pdf-tools-mon} HTTP_PORT=$port ADMIN_PORT=$((port + 1)) RATE_LIMIT=off
export COMPOSE_FILE=docker-compose.yml:compose/monitoring.yml API_REPLICAS=2
# shellcheck disable=SC2034 # test-lib.sh reads it
mapfile -t up_options < <(docker compose config --services | grep -vx grafana)
start_stack
run_tests monitoring "$@"
