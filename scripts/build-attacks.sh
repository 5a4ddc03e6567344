#!/usr/bin/env bash
# Usage: scripts/build-attacks.sh
# Builds the attack files of ../shared/corpus/hostile if they exist and are not built yet. Prints the folder of the result.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

shared=../shared/corpus/hostile built=$run_dir/hostile
if [ ! -d "$shared" ]; then
  say "SKIPPED: the attack files of $shared do not exist. Only those of this repository are used"
  exit 0
fi
scripts/install-packages.sh python3=python3
if ! cmp -s "$shared/gen.py" "$built/gen.py" || [ ! -e "$built/built" ]; then
  rm -rf "$built"
  mkdir -p "$built"
  cp -R "$shared/." "$built/"
  chmod -R u+w "$built"
  sh "$built/build.sh" >&2
  touch "$built/built"
fi
echo "$built"
