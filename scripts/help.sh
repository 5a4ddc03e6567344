#!/usr/bin/env bash
# Usage: scripts/help.sh
# Lists the targets of the Makefile with their descriptions.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r target text; do printf '  make %-16s %s\n' "$target" "$text"; done
