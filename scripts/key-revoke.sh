#!/usr/bin/env bash
# Usage: NAME=shop | ID=1a2b3c4d scripts/key-revoke.sh
# Revokes all API keys of NAME, or the one whose hash begins with ID (`make keys` prints it). The line stays in the file with
# a hash that no key has.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_env
# shellcheck source=scripts/keys-lib.sh
. scripts/keys-lib.sh

name=${NAME:-} id=${ID:-}
if [ -n "$name" ] && [ -n "$id" ]; then die "give NAME or ID, not both"; fi
if [ -z "$name$id" ]; then die "name the key: make key-revoke NAME=shop, or ID= for one key (make keys lists them)"; fi
[[ -z $name || $name =~ $name_pattern ]] || die "NAME must be 1 to 64 letters, digits, dots, dashes or underscores"
[[ -z $id || $id =~ ^[0-9a-f]{8,64}$ ]] || die "ID must be 8 or more of the hexadecimal digits that make keys prints"

hashes=()
while read -r each hash _; do
  if [ "$hash" = "$revoked_hash" ]; then continue; fi
  if [ "$hash" = unhashed ] && [ "$each" = "$name" ]; then
    die "a key of $name is stored unhashed. Delete its line from $keys_file, then restart the api"
  fi
  if [ "$each" = "$name" ] || { [ -n "$id" ] && [[ $hash == "$id"* ]]; }; then hashes+=("$hash"); fi
done < <(each_key)
[ ${#hashes[@]} -gt 0 ] || die "no valid key has ${name:+the name $name}${id:+the ID $id}. make keys lists the keys"
if [ -n "$id" ] && [ ${#hashes[@]} -gt 1 ]; then die "several keys have an ID that begins with $id. Give more digits"; fi

# Overwrites only the digits, so that the file keeps its length and its inode.
overwrite() {
  local hash offset
  for hash in "${hashes[@]}"; do
    LC_ALL=C grep -aob ":sha256:$hash" "$keys_file" | cut -d : -f 1 | while read -r offset; do
      printf %s "$revoked_hash" | dd of="$keys_file" bs=1 seek=$((offset + 8)) conv=notrunc 2>/dev/null
    done
  done
}
with_writable_keys overwrite

say_effect "Revoked ${#hashes[@]} key(s)${name:+ of $name}. The api refuses them within 2 seconds."
if ! each_key | grep -vq " $revoked_hash"; then
  say "No valid key is left, so the api refuses every request. Make a new one: make key NAME=${name:-shop}"
fi
