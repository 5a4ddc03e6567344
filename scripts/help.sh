#!/usr/bin/env bash
# Usage: scripts/help.sh
# Lists the Makefile's targets with what stands behind their ##.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r target text; do printf '  make %-12s %s\n' "$target" "$text"; done
