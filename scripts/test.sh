#!/usr/bin/env bash
# Usage: [JEST_REPORTS=FOLDER] scripts/test.sh
# Runs the unit, integration and fidelity tests on the compiled code. JEST_REPORTS gets a JSON report.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-packages.sh git=git redis-server=redis-server qpdf=qpdf pdftotext=poppler-utils mutool=mupdf-tools strace=strace openssl=openssl
scripts/build.sh
npm test --silent -- ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/test.json"}
