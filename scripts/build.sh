#!/usr/bin/env bash
# Usage: scripts/build.sh [PROJECT...]
# Installs missing dependencies, compiles everything, or the named folders with the projects that they refer to, and builds the page.
# With the command line it also makes its bundle, which starts faster (scripts/pdf-tools).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/bundle-lib.sh
. scripts/bundle-lib.sh

scripts/install.sh
npx tsc --build "$@"
node services/web/build.mjs

# Several commands may build at the same time, so each makes the bundle in a folder of its own.
make_bundle() {
  local new=$run_dir/bundle.$$
  node scripts/bundle.mjs --out "$new" cli
  rm -rf services/cli/bundle
  mv "$new/cli" services/cli/bundle
  rm -rf "$new"
}
case " $* " in
  '  ' | *' services/cli/'*) bundle_is_fresh . || make_bundle ;;
esac
