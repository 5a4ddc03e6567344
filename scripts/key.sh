#!/usr/bin/env bash
# Usage: [RATE=REQUESTS] [UPLOAD=BYTES] scripts/key.sh NAME     (or NAME=shop scripts/key.sh)
# Makes an API key of 256 random bits. Prints it once and adds its SHA-256 to the file api_keys in the secrets directory.
# RATE limits its requests in 2 seconds, UPLOAD the bytes of files in one request. A name may have several keys.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_env
# shellcheck source=scripts/keys-lib.sh
. scripts/keys-lib.sh

name=${1:-${NAME:-}}
[[ $name =~ $name_pattern ]] || die "NAME must be 1 to 64 letters, digits, dots, dashes or underscores: make key NAME=shop"
limits=
for pair in "rate=${RATE:-}" "upload=${UPLOAD:-}"; do
  [[ $pair =~ =$ ]] && continue
  [[ $pair =~ ^[a-z]+=[1-9][0-9]{0,11}$ ]] || die "RATE and UPLOAD must be whole numbers above 0, not '${pair#*=}'"
  limits="$limits;$pair"
done

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }
key=pdft_$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
hash=$(printf %s "$key" | sha256)
[ ${#hash} = 64 ] || die "neither sha256sum nor shasum works. Install coreutils, then try again"

# One write, so that the api never reads half a line that is valid.
append() {
  local separator=
  if [ -s "$keys_file" ] && [ -n "$(tail -c 1 "$keys_file")" ]; then separator=$'\n'; fi
  printf '%s\n' "$separator$name:sha256:$hash$limits" >>"$keys_file"
}
with_writable_keys append

say_effect "The api accepts this key of $name within 2 seconds. It is not shown again:"
echo "$key"
