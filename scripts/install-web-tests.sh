#!/usr/bin/env bash
# Usage: scripts/install-web-tests.sh
# Installs the packages of test/web if they are out of date.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ ! -f test/web/node_modules/.package-lock.json ] || [ test/web/package-lock.json -nt test/web/node_modules/.package-lock.json ]; then
  mkdir -p "$run_dir"
  with_progress "Installing the packages of the page's tests." "$run_dir/npm-ci-web.log" \
    npm ci --prefix test/web --no-audit --no-fund --loglevel=error || die "the packages of the page's tests could not be installed"
  touch test/web/node_modules/.package-lock.json
fi
