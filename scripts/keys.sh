#!/usr/bin/env bash
# Usage: scripts/keys.sh
# Lists the API keys: the first digits of their hashes, their names and limits. The keys themselves are not stored.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_env
# shellcheck source=scripts/keys-lib.sh
. scripts/keys-lib.sh

limit() { sed -nE "s/.*;$1=([0-9]+).*/\1/p" <<<"$2"; }
if [ -e "$keys_file" ] && [ ! -r "$keys_file" ]; then die "$keys_file cannot be read. Run this as its owner (on a server: as root)"; fi
if [ -n "${API_KEYS:-}" ]; then say "API_KEYS is set in the environment or in .env, so the api ignores $keys_file."; fi
if [ -z "$(each_key)" ]; then
  say "There is no key, so the API is open to everyone who can reach it. Make one: make key NAME=shop"
  exit 0
fi
printf '%-10s %-24s %-16s %s\n' ID NAME 'REQUESTS IN 2 S' 'UPLOAD BYTES'
each_key | while read -r name hash limits; do
  id=${hash:0:8}
  if [ "$hash" = "$revoked_hash" ]; then id=revoked; fi
  rate=$(limit rate "$limits") upload=$(limit upload "$limits")
  printf '%-10s %-24s %-16s %s\n' "$id" "$name" "${rate:-default}" "${upload:-default}"
done
