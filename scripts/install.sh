#!/usr/bin/env bash
# Usage: scripts/install.sh
# Installs the npm dependencies if they are missing or older than the lock file.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

command -v node >/dev/null || die "Node.js is missing. Install version 20.19 or later (https://nodejs.org), then try again"
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
  die "Node.js $(node --version) is too old. Install version 20.19 or later (https://nodejs.org), then try again"
command -v npm >/dev/null || die "npm is missing. Install it with Node.js (https://nodejs.org), then try again"
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  mkdir -p "$run_dir"
  with_progress "Installing the npm dependencies." "$run_dir/npm-ci.log" npm ci --no-audit --no-fund --loglevel=error ||
    die "the npm dependencies could not be installed. Check the network and the disk, then try again"
  touch node_modules/.package-lock.json
fi
