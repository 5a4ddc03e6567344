#!/usr/bin/env bash
# Usage: scripts/server-settings.sh NAME [--dry-run]      (called by install-server.sh and update.sh)
# Writes the settings, the secrets and the backup passphrase to /etc/pdf-tools if they are missing. Of an existing .env only
# COMPOSE_FILE changes, so that it matches MONITORING and HTTP3.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
name=${1:?NAME is missing: the host that clients use}
[ "${2:-}" != --dry-run ] || dry=yes
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
# Tests write elsewhere.
etc=${SETTINGS_DIR:-$etc}
stack=docker-compose.yml:docker-compose.prod.yml:compose/release.yml

write_env() {
  cat >"$etc/.env" <<ENV
# Settings of this server. $base/current/.env.example lists them all. To apply a change, run make update.
SERVER_NAME=$name
SECRETS_DIR=$etc/secrets
COMPOSE_FILE=$stack
ENV
}
own_env() { chown root:pdf-tools "$etc/.env" && chmod 0640 "$etc/.env"; }

# setting NAME: prints its last value in .env.
setting() { sed -n "s/^$1=//p" "$etc/.env" 2>/dev/null | tail -n 1 | tr -d "\"'\r"; }
# is_on NAME: whether the setting is on. Other values than on and off are an error.
is_on() {
  case "$(setting "$1")" in
    on) ;;
    off | '') return 1 ;;
    *) die "$1 must be on or off in $etc/.env, not '$(setting "$1")'" ;;
  esac
}

# Prints the Compose files that the settings ask for, and then those that the operator added.
compose_files() {
  local files=$stack file
  if is_on MONITORING; then files=$files:compose/monitoring.yml; fi
  if is_on HTTP3; then files=$files:compose/http3.yml; fi
  for file in $(setting COMPOSE_FILE | tr : ' '); do
    case ":$stack:compose/monitoring.yml:compose/http3.yml:" in *":$file:"*) ;; *) files=$files:$file ;; esac
  done
  echo "$files"
}
write_compose_files() {
  local rest
  rest=$(grep -v '^COMPOSE_FILE=' "$etc/.env") || true
  printf '%s\nCOMPOSE_FILE=%s\n' "$rest" "$1" >"$etc/.env.new"
  # In place: the file keeps its owner and mode.
  cat "$etc/.env.new" >"$etc/.env" && rm "$etc/.env.new"
}

write_passphrase() { (umask 077 && head -c 32 /dev/urandom | base64 >"$etc/backup-passphrase"); }

# Containers read the secrets as members of the group 10001.
write_secrets() {
  SECRETS_DIR=$etc/secrets scripts/secrets.sh
  chown root:pdf-tools "$etc"/secrets/*
  chmod 0440 "$etc"/secrets/*
}

[ -e "$etc/.env" ] || run "write $etc/.env with SERVER_NAME=$name" write_env
if [ -e "$etc/.env" ]; then
  files=$(compose_files)
  [ "$files" = "$(setting COMPOSE_FILE)" ] || run "set COMPOSE_FILE=$files in $etc/.env" write_compose_files "$files"
fi
[ -n "${SETTINGS_DIR:-}" ] || run "let only root and the group pdf-tools read $etc/.env" own_env
[ -e "$etc/backup-passphrase" ] || run "write a random passphrase to $etc/backup-passphrase" write_passphrase
[ -n "${SETTINGS_DIR:-}" ] || run "write random secrets to $etc/secrets, if they are missing" write_secrets
