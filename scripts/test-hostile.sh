#!/usr/bin/env bash
# Usage: [STACK_PORT=18082] [STACK_PROJECT=pdf-tools-hostile] [HOSTILE_ONLY=files|requests|floods|slow] [JEST_REPORTS=FOLDER] scripts/test-hostile.sh
# Tests the real containers through nginx with hostile files, requests, floods and slow clients (test/hostile). Uses the attack
# files of ../shared if they exist.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/test-lib.sh
. scripts/test-lib.sh

scripts/install-packages.sh python3=python3 qpdf=qpdf

HOSTILE_CORPUS=$(scripts/build-attacks.sh)
export HOSTILE_CORPUS

export COMPOSE_PROJECT_NAME=${STACK_PROJECT:-pdf-tools-hostile} HTTP_PORT=${STACK_PORT:-18082} WORKER_CONCURRENCY=2
# Short, so that jobs that end only at their limit end soon.
export JOB_SOFT_LIMIT_SECONDS=20 JOB_HARD_LIMIT_SECONDS=25
start_stack
run_tests hostile ${HOSTILE_ONLY:+--testPathPatterns "hostile/$HOSTILE_ONLY"}
