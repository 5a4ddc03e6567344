#!/usr/bin/env bash
# Usage: [WITH_FILES=1] [BACKUP_KEEP=7] scripts/backup.sh        (pdf-tools-backup.timer calls it every night)
# Writes an encrypted backup to /var/backups/pdf-tools and prints its path. It holds job records, certificates, settings and
# secrets, with WITH_FILES=1 also uploads and results. The passphrase (/etc/pdf-tools/backup-passphrase) is not in it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
# shellcheck source=scripts/backup-lib.sh
. scripts/backup-lib.sh
require_root
enter_current
load_env
keep=${BACKUP_KEEP:-7}
[[ $keep =~ ^[1-9][0-9]*$ ]] || die "BACKUP_KEEP must be a whole number above 0, not '$keep'"
open_work
data=$(volume data) links=$(dirname "$(volume data)")/backup
trap 'close_work; rm -rf "$links"' EXIT
rm -rf "$links"

saving() { CMD='info persistence' scripts/redis.sh | grep -q '^rdb_bgsave_in_progress:1'; }

# Redis pauses writes for at most 1.5 s, and the services wait for 2 s. In this time no job is accepted or finished, so that
# records and inputs match. Results are linked afterwards: they stay for hours unless a client deletes them. Links are enough,
# because a file never changes once it has its name. Files that are deleted meanwhile are left out.
link() {
  local wrong
  [ -d "$data/$1" ] || return 0
  wrong=$(LC_ALL=C cp -al "$data/$1" "$links/" 2>&1 | grep -v ': No such file or directory$') || true
  [ -z "$wrong" ] || die "the files in $1 could not be linked: ${wrong%%$'\n'*}"
}
snapshot_with_files() {
  local answer began
  # shellcheck disable=SC2016 # for the shell in the container
  coproc redis_held { docker compose exec --no-TTY redis sh -c 'export REDISCLI_AUTH=$(cat /run/secrets/redis_operator_password)
    while read -r _; do printf "client pause 1500 write\nbgsave\n" | redis-cli --user operator --no-auth-warning | tail -n 1; done'; }
  sleep 1
  for _ in $(seq 10); do
    rm -rf "$links" && mkdir "$links"
    began=$EPOCHREALTIME
    echo >&"${redis_held[1]}"
    read -r answer <&"${redis_held[0]}"
    [[ $answer == *started* ]] && link uploads
    if [[ $answer == *started* ]] && awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { exit b - a > 1.5 }'; then link temp; return; fi
    while saving; do sleep 0.5; done
  done
  die "the server is too busy: the uploads could not be linked within 1.5 s. Try again when it is quieter"
}

if [ "${WITH_FILES:-}" = 1 ]; then snapshot_with_files; else CMD=bgsave scripts/redis.sh >/dev/null; fi
while saving; do sleep 0.5; done
CMD='info persistence' scripts/redis.sh | grep -q '^rdb_last_bgsave_status:ok' || die "Redis could not write its snapshot. Check the disk (df -h) and make logs SERVICE=redis"

mv "$(volume redis)/dump.rdb" "$work/content/redis.rdb"
cp -a "$(volume certificates)" "$work/content/certificates"
mkdir "$work/content/settings"
cp -a $etc/.env $etc/secrets "$work/content/settings/"
cp VERSION "$work/content/VERSION"
sources=(-C "$work/content" .)
if [ "${WITH_FILES:-}" = 1 ]; then
  say "WARNING: this backup contains the files of clients. It keeps them longer than their retention time"
  sources+=(--transform 's,^backup,files,' -C "$(dirname "$links")" backup)
fi

file=$backups/pdf-tools-$(date -u +%Y%m%dT%H%M%SZ).tar.gpg
tar --numeric-owner -cf - "${sources[@]}" | encrypt "$etc/backup-passphrase" >"$work/new"
# Read the backup once, to be sure that it can be restored.
decrypt "$etc/backup-passphrase" <"$work/new" | tar -tf - >/dev/null || die "the backup that was written cannot be read. Check the disk, then try again"
mv "$work/new" "$file"
find "$backups" -maxdepth 1 -name 'pdf-tools-*.tar.gpg' | sort -r | tail -n "+$((keep + 1))" | xargs -r rm -f
say "wrote an encrypted backup of $(du -h "$file" | cut -f 1). The last $keep backups are kept."
echo "$file"
