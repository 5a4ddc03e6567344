#!/usr/bin/env bash
# Usage: [RATE=CALLS] [UPLOAD=BYTES] scripts/key.sh NAME
# Makes an API key of 256 random bits: prints it once and adds its hash to the file of keys (api_keys in the folder of
# secrets). RATE is its calls in 2 seconds, UPLOAD the bytes of files in one of its calls. A name may have several keys.
# To take a key back delete its line. The api reads the file when it starts.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_env

name=${1:-}
[[ $name =~ ^[A-Za-z0-9_.-]{1,64}$ ]] || die "usage: make key NAME=who, of letters, digits, dots, dashes and underscores"
limits=
for pair in "rate=${RATE:-}" "upload=${UPLOAD:-}"; do
  [[ $pair =~ =$ ]] && continue
  [[ $pair =~ ^[a-z]+=[1-9][0-9]{0,11}$ ]] || die "RATE and UPLOAD are whole numbers above 0"
  limits="$limits;$pair"
done

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }
key=pdft_$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
hash=$(printf %s "$key" | sha256)
[ ${#hash} = 64 ] || die "neither sha256sum nor shasum works here"

file=${SECRETS_DIR:-$run_dir/secrets}/api_keys
[ -e "$file" ] || scripts/secrets.sh
# A new file takes the old one's place: with its mode and owner, and never half written.
cp -p "$file" "$file.new"
chmod u+w "$file.new"
if [ -s "$file.new" ] && [ -n "$(tail -c 1 "$file.new")" ]; then echo >>"$file.new"; fi
echo "$name:sha256:$hash$limits" >>"$file.new"
chmod u-w "$file.new"
mv -f "$file.new" "$file"

say "key of $name, shown this once (its hash is in $file; restart the api to use it: make down up):"
echo "$key"
