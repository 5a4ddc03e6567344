#!/usr/bin/env bash
# Usage: [ONLY=overhead|fairness|memory] scripts/bench.sh     measures, memory (10,000 jobs) only by name;
# figures on a shared machine are worth what it was doing meanwhile
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-packages.sh redis-server=redis-server
scripts/build.sh
for bench in ${ONLY:-overhead fairness}; do
  say "== $bench"
  node "test/dist/bench/$bench.js"
done
