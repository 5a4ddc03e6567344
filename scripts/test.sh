#!/usr/bin/env bash
# Usage: [JEST_REPORTS=FOLDER] scripts/test.sh
# Unit, integration and fidelity tests on the compiled code; with JEST_REPORTS a JSON report of each run is left there.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-packages.sh redis-server=redis-server qpdf=qpdf pdftotext=poppler-utils strace=strace openssl=openssl
scripts/build.sh
failed=0
for project in unit integration fidelity; do
  npm run --silent "test:$project" -- ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/$project.json"} || failed=1
done
exit $failed
