#!/usr/bin/env bash
# Usage: scripts/secrets.sh
# Writes missing secrets to SECRETS_DIR, by default .run/secrets. Only the owner may enter the directory. The files are readable by
# all, because containers read them with other user IDs.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

folder=${SECRETS_DIR:-$run_dir/secrets}
if [ ! -d "$folder" ]; then (umask 077 && mkdir -p "$folder"); fi
random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
# keep NAME: writes standard input to the secret.
keep() {
  cat >"$folder/$1.new"
  chmod 444 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}

redis=("${host_services[@]}" health operator)
redis=("${redis[@]/#/redis_}")
for name in "${redis[@]/%/_password}" admin_key; do
  [ -s "$folder/$name" ] || random | keep "$name"
done
# The password of the Redis exporter, in the form that it reads.
[ -s "$folder/redis_exporter_passwords" ] ||
  printf '{"redis://exporter@redis:6379":"%s"}\n' "$(random)" | keep redis_exporter_passwords
# Empty files mean an API without keys (`make key` adds one) and without webhooks.
for name in api_keys webhook_secret; do [ -e "$folder/$name" ] || keep "$name" </dev/null; done
