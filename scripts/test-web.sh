#!/usr/bin/env bash
# Usage: [WEB_TESTS=PATTERN] [JEST_REPORTS=FOLDER] scripts/test-web.sh [JEST OPTION...]
# Tests the page in Chromium against the services as processes of this host (test/web). The tests have a package of their own,
# so that the installation of the product stays small. WEB_TESTS chooses test files by a regular expression.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-packages.sh redis-server=redis-server qpdf=qpdf chromium=chromium
scripts/build.sh
scripts/install-web-tests.sh
node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects web --maxWorkers 2 \
  ${WEB_TESTS:+--testPathPatterns "$WEB_TESTS"} ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/web.json"} "$@"
