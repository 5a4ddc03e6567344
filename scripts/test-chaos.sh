#!/usr/bin/env bash
# Usage: [CHAOS_SECONDS=120] [CHAOS_SEED=N] [CHAOS_PORT=18081] [JEST_REPORTS=FOLDER] scripts/test-chaos.sh
# The real containers under a stream of jobs while they are killed, paused, cut off and filled up (test/chaos). The
# schedule follows from the seed, which is printed: the same seed does the same faults again. CHAOS_SECONDS=600 for a
# night. Its end is waited for: retention and sweep take about 90 s more.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/test-lib.sh
. scripts/test-lib.sh

export COMPOSE_PROJECT_NAME=${CHAOS_PROJECT:-pdf-tools-chaos} HTTP_PORT=${CHAOS_PORT:-18081}
export COMPOSE_FILE=docker-compose.yml:test/chaos/compose.yml RATE_LIMIT=off WORKER_CONCURRENCY=2
# Long enough for a client to see every end, short enough to wait for.
export FILE_MAX_AGE_HOURS=0.0175 SWEEP_INTERVAL_SECONDS=2
export CHAOS_SECONDS=${CHAOS_SECONDS:-120} CHAOS_SEED=${CHAOS_SEED:-$RANDOM}
# shellcheck disable=SC2034 # test-lib.sh reads it
up_options=(--scale worker=2)
start_stack
say "CHAOS_SEED=$CHAOS_SEED CHAOS_SECONDS=$CHAOS_SECONDS"
run_tests chaos
