#!/usr/bin/env bash
# Usage: FILE=pdf-tools-….tar.gpg [PASSPHRASE_FILE=/etc/pdf-tools/backup-passphrase] scripts/restore.sh
# Replaces job records, certificates, settings, secrets, and files if the backup has some, by those of a backup. Needs an
# installed server (install-server.sh). Jobs whose retention has ended are deleted before the service starts.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
# shellcheck source=scripts/backup-lib.sh
. scripts/backup-lib.sh
require_root
[ -n "${FILE:-}" ] || die "FILE is missing. Name the backup: make restore FILE=pdf-tools-….tar.gpg"
file=$(readlink -f "$FILE")
passphrase=$(readlink -f "${PASSPHRASE_FILE:-$etc/backup-passphrase}")
for each in "$file" "$passphrase"; do [ -r "$each" ] || die "$each cannot be read. Check the path"; done
enter_current
open_work
trap close_work EXIT

# Read the whole backup before changing anything.
decrypt "$passphrase" <"$file" >"$work/plain" || die "the backup does not open. The passphrase is wrong (PASSPHRASE_FILE) or the file is damaged. Nothing was changed"
# Numeric owners are kept, because the volumes belong to the users of the containers. This is safe: gpg has authenticated the
# backup, and only root reads the folder.
tar --same-owner --numeric-owner -C "$work/content" -xpf "$work/plain"
rm "$work/plain"
cd "$work/content"
for each in redis.rdb settings/.env certificates VERSION; do [ -e "$each" ] || die "the backup is incomplete: $each is missing. Nothing was changed"; done
say "The backup is of release $(cat VERSION). This server runs $(release_of current)."

enter_current
say "Stopping the stack."
systemctl stop pdf-tools.service
docker compose down
cp -p "$work/content/settings/.env" $etc/.env
cp -p "$work"/content/settings/secrets/* $etc/secrets/
chown root:pdf-tools $etc/.env $etc/secrets/*
docker compose create redis nginx scheduler >/dev/null 2>&1

# put_back VOLUME FOLDER: replaces the contents of the volume by those of the folder.
put_back() {
  local target
  target=$(volume "$1")
  find "${target:?}" -mindepth 1 -delete
  cp -a "$2/." "$target/"
}
put_back certificates "$work/content/certificates"
# Redis starts only from the append-only file, so the snapshot becomes its base.
mkdir -p "$work/redis/appendonlydir"
mv "$work/content/redis.rdb" "$work/redis/appendonlydir/appendonly.aof.1.base.rdb"
echo 'file appendonly.aof.1.base.rdb seq 1 type b' >"$work/redis/appendonlydir/appendonly.aof.manifest"
chown -R 999:999 "$work/redis"
put_back redis "$work/redis"
if [ -d "$work/content/files" ]; then
  chown 10001:10001 "$work/content/files" && chmod 2750 "$work/content/files"
  put_back data "$work/content/files"
fi

docker compose up --detach --wait redis scheduler >/dev/null 2>&1
overdue() { CMD="zcount pdf:expiry -inf $(date +%s%3N)" scripts/redis.sh; }
say "Deleting $(overdue) jobs whose retention has ended."
for _ in $(seq 120); do [ "$(overdue)" != 0 ] || break; sleep 1; done
[ "$(overdue)" = 0 ] || die "the scheduler does not delete expired jobs. Read make logs SERVICE=scheduler"
systemctl start pdf-tools.service
for service in redis nginx certbot; do remember "$service"; done
systemctl restart pdf-tools-firewall.service pdf-tools-limits.service
say "Restored. Release $(release_of current) is running."
