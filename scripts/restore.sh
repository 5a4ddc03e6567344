#!/usr/bin/env bash
# Usage: FILE=pdf-tools-….tar.gpg [PASSPHRASE_FILE=/etc/pdf-tools/backup-passphrase] scripts/restore.sh
# Puts a backup in the place of what is on this server: job records, certificates, settings, secrets, files where it has some.
# install-server.sh has run here. Jobs whose time is over meanwhile go before anybody can ask for them.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
# shellcheck source=scripts/backup-lib.sh
. scripts/backup-lib.sh
as_root
file=$(readlink -f "${FILE:?which backup? FILE=…}")
passphrase=$(readlink -f "${PASSPHRASE_FILE:-$etc/backup-passphrase}")
for each in "$file" "$passphrase"; do [ -r "$each" ] || die "$each cannot be read"; done
enter_current
open_work
trap close_work EXIT

# Whole, before anything here is touched.
decrypt "$passphrase" <"$file" >"$work/plain" || die "the backup does not open: another passphrase, or it is damaged"
# Owners count here, by number: the volumes belong to the containers' users. The backup is this service's own, its seal was
# checked, and the folder is closed to others.
tar --same-owner --numeric-owner -C "$work/content" -xpf "$work/plain"
rm "$work/plain"
cd "$work/content"
for each in redis.rdb settings/.env certificates VERSION; do [ -e "$each" ] || die "the backup is not whole: no $each"; done
say "a backup of release $(cat VERSION); here is $(release_of current)"

enter_current
say "stopping the stack"
systemctl stop pdf-tools.service
docker compose down
cp -p "$work/content/settings/.env" $etc/.env
cp -p "$work"/content/settings/secrets/* $etc/secrets/
chown root:pdf-tools $etc/.env $etc/secrets/*
docker compose create redis nginx scheduler >/dev/null 2>&1

# put_back VOLUME FOLDER: its contents in the place of the volume's.
put_back() {
  local target
  target=$(volume "$1")
  find "${target:?}" -mindepth 1 -delete
  cp -a "$2/." "$target/"
}
put_back certificates "$work/content/certificates"
# The snapshot as the base of the append-only file, from which alone Redis starts.
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
say "dropping $(overdue) jobs whose time is over"
for _ in $(seq 120); do [ "$(overdue)" != 0 ] || break; sleep 1; done
[ "$(overdue)" = 0 ] || die "the scheduler does not drop what is over: docker compose logs scheduler"
systemctl start pdf-tools.service
for service in redis nginx certbot; do remember "$service"; done
systemctl restart pdf-tools-firewall.service pdf-tools-limits.service
say "restored: $(release_of current) runs"
