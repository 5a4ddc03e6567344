# shellcheck shell=bash
# Sourced after lib.sh: the file of the API keys. A line is NAME:sha256:HASH[;rate=REQUESTS][;upload=BYTES].
# The file is changed in place and never becomes shorter: Compose mounts its inode into the api's container, and an api that
# reads half a file must not find fewer keys.
: "${run_dir:?}"
keys_file=${SECRETS_DIR:-$run_dir/secrets}/api_keys
# The hash of a revoked key. No key has it. The line stays, so that revoking the last key does not open the API.
# shellcheck disable=SC2034 # key-revoke.sh and keys.sh use it
revoked_hash=$(printf '0%.0s' {1..64})
# shellcheck disable=SC2034 # the scripts that source this file use it
name_pattern='^[A-Za-z0-9_.-]{1,64}$'

# with_writable_keys COMMAND...: runs COMMAND while the file can be written, one caller at a time.
with_writable_keys() {
  [ -e "$keys_file" ] || scripts/secrets.sh
  if command -v flock >/dev/null; then exec 8<"$keys_file" && flock 8; fi
  chmod u+w "$keys_file" || die "$keys_file cannot be changed. Run this as the owner of the file (on a server: as root)"
  local status=0
  "$@" || status=$?
  chmod u-w "$keys_file"
  return $status
}

# Prints NAME HASH LIMITS of each key, also of revoked ones. A key that is stored unhashed has "unhashed" as HASH.
each_key() {
  [ -e "$keys_file" ] || return 0
  sed -nE -e 's/^([A-Za-z0-9_.-]+):sha256:([0-9a-fA-F]{64})(;.*)?$/\1 \2 \3/p' -e t \
    -e 's/^([A-Za-z0-9_.-]+):.*$/\1 unhashed/p' "$keys_file"
}

# Prints the effect of a change on the api. Keys of API_KEYS replace the file.
say_effect() {
  if [ -n "${API_KEYS:-}" ]; then say "API_KEYS is set in the environment or in .env, so the api ignores $keys_file."
  else say "$1"; fi
}
