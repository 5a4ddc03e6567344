#!/usr/bin/env bash
# Usage: scripts/secrets.sh
# Makes the secrets of a developer's stack below .run/ where they are missing. The folder is closed to others;
# the files are readable because a container reads them under a user id of its own.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

folder=${SECRETS_DIR:-$run_dir/secrets}
if [ ! -d "$folder" ]; then (umask 077 && mkdir -p "$folder"); fi
random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
# keep NAME: standard input becomes the secret.
keep() {
  cat >"$folder/$1.new"
  chmod 444 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}

redis=(api worker scheduler health operator)
redis=("${redis[@]/#/redis_}")
for name in "${redis[@]/%/_password}" admin_key; do
  [ -s "$folder/$name" ] || random | keep "$name"
done
# The password of Prometheus's exporter, in the form that it reads.
[ -s "$folder/redis_exporter_passwords" ] ||
  printf '{"redis://exporter@redis:6379":"%s"}\n' "$(random)" | keep redis_exporter_passwords
# Empty for an API without keys (`make key` adds to it), and without webhooks.
for name in api_keys webhook_secret; do [ -e "$folder/$name" ] || keep "$name" </dev/null; done
