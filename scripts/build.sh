#!/usr/bin/env bash
# Usage: scripts/build.sh [PROJECT...]
# Installs dependencies where needed and compiles: everything, or the named folders with what they refer to.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install.sh
npx tsc --build "$@"
