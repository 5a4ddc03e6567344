#!/usr/bin/env bash
# Usage: scripts/build.sh [PROJECT...]
# Installs missing dependencies, compiles everything, or the named folders with the projects that they refer to, and builds the page.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install.sh
npx tsc --build "$@"
node services/web/build.mjs
