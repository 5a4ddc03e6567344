# shellcheck shell=bash
# Whether the bundle of the command line in the folder $1 is newer than what it contains. It starts in half the time.
bundle_is_fresh() {
  local bundle=$1/services/cli/bundle/main.js name
  if [ ! -f "$bundle" ] || [ "$1/package-lock.json" -nt "$bundle" ]; then return 1; fi
  for name in pdf runtime operations cli; do
    if [ "$1/services/$name/dist/.src.tsbuildinfo" -nt "$bundle" ]; then return 1; fi
  done
}
