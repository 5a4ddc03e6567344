#!/usr/bin/env bash
# Usage: [CHAOS_SECONDS=120] [CHAOS_SEED=N] [CHAOS_PORT=18081] [JEST_REPORTS=FOLDER] scripts/test-chaos.sh
# Kills, pauses and disconnects the real containers and fills their disk during a stream of jobs (test/chaos). The seed, which is
# printed, determines the faults. CHAOS_SECONDS=600 suits a nightly run. Retention and sweep take about 90 s more.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/test-lib.sh
. scripts/test-lib.sh

export COMPOSE_PROJECT_NAME=${CHAOS_PROJECT:-pdf-tools-chaos} HTTP_PORT=${CHAOS_PORT:-18081}
export COMPOSE_FILE=docker-compose.yml:test/chaos/compose.yml RATE_LIMIT=off WORKER_CONCURRENCY=2
# Long enough for a client to see every result, and short enough for the test to wait for the deletion.
export FILE_MAX_AGE_HOURS=0.0175 SWEEP_INTERVAL_SECONDS=2
export CHAOS_SECONDS=${CHAOS_SECONDS:-120} CHAOS_SEED=${CHAOS_SEED:-$RANDOM}
# shellcheck disable=SC2034 # test-lib.sh reads it
up_options=(--scale worker=2)
start_stack
say "CHAOS_SEED=$CHAOS_SEED CHAOS_SECONDS=$CHAOS_SECONDS"
run_tests chaos
