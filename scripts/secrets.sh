#!/usr/bin/env bash
# Usage: scripts/secrets.sh
# Makes the secrets of a developer's stack below .run/ where they are missing. The folder is closed to others;
# the files are readable because a container reads them under a user id of its own.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

folder=${SECRETS_DIR:-$run_dir/secrets}
if [ ! -d "$folder" ]; then (umask 077 && mkdir -p "$folder"); fi
redis=(api worker scheduler health operator)
redis=("${redis[@]/#/redis_}")
for name in "${redis[@]/%/_password}" admin_key; do
  [ -s "$folder/$name" ] && continue
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$folder/$name.new"
  chmod 444 "$folder/$name.new"
  mv "$folder/$name.new" "$folder/$name"
done
# The password of Prometheus's exporter, in the form that it reads.
if [ ! -s "$folder/redis_exporter_passwords" ]; then
  password=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
  printf '{"redis://exporter@redis:6379":"%s"}\n' "$password" >"$folder/redis_exporter_passwords.new"
  chmod 444 "$folder/redis_exporter_passwords.new"
  mv "$folder/redis_exporter_passwords.new" "$folder/redis_exporter_passwords"
fi
# Empty for an API without keys; `make key` adds to it.
[ -e "$folder/api_keys" ] || { : >"$folder/api_keys" && chmod 444 "$folder/api_keys"; }
