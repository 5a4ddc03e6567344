#!/usr/bin/env bash
# Usage: scripts/lint.sh
# Every check that needs no running program; all of them run, and any failure fails.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install.sh
scripts/install-packages.sh shellcheck=shellcheck luacheck=lua-check
failed=()
check() {
  say "lint: $1"
  "${@:2}" || failed+=("$1")
}
check compiler npx tsc --build
check modules npm run --silent lint:modules
check unused npm run --silent lint:unused
check words node scripts/lint-words.mjs
check eslint npx eslint . --max-warnings 0
check prettier npx prettier --check --log-level warn .
lint_lua() { node scripts/lua-scripts.mjs --resolve "$run_dir/lua" && luacheck --quiet --config .luacheckrc "$run_dir/lua"; }
check luacheck lint_lua
check shellcheck shellcheck --external-sources scripts/*.sh test/server/*.sh .ci/run compose/*.sh nginx/entrypoint.d/*
[ ${#failed[@]} = 0 ] || die "failed: ${failed[*]}"
