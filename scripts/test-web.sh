#!/usr/bin/env bash
# Usage: [WEB_TESTS=PATTERN] [JEST_REPORTS=FOLDER] scripts/test-web.sh [JEST OPTION...]
# Tests the page in Chromium against the services as processes of this host (test/web). The tests have a package of their own,
# so that the installation of the product stays small. WEB_TESTS chooses test files by a regular expression.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-packages.sh redis-server=redis-server qpdf=qpdf chromium=chromium
scripts/build.sh
if [ ! -f test/web/node_modules/.package-lock.json ] || [ test/web/package-lock.json -nt test/web/node_modules/.package-lock.json ]; then
  mkdir -p "$run_dir"
  with_progress "Installing the packages of the page's tests." "$run_dir/npm-ci-web.log" \
    npm ci --prefix test/web --no-audit --no-fund --loglevel=error || die "the packages of the page's tests could not be installed"
  touch test/web/node_modules/.package-lock.json
fi
node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects web --maxWorkers 2 \
  ${WEB_TESTS:+--testPathPatterns "$WEB_TESTS"} ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/web.json"} "$@"
