#!/usr/bin/env bash
# Usage: scripts/lint.sh
# Every check that needs no running program; all of them run, and any failure fails.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install.sh
scripts/install-packages.sh shellcheck=shellcheck
failed=()
check() {
  say "lint: $1"
  "${@:2}" || failed+=("$1")
}
check compiler npx tsc --build
check eslint npx eslint . --max-warnings 0
check prettier npx prettier --check --log-level warn .
check shellcheck shellcheck --external-sources scripts/*.sh test/server/*.sh .ci/run compose/*.sh nginx/entrypoint.d/*
[ ${#failed[@]} = 0 ] || die "failed: ${failed[*]}"
