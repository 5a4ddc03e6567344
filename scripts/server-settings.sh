#!/usr/bin/env bash
# Usage: scripts/server-settings.sh NAME [--dry-run]      (install-server.sh calls it)
# Writes /etc/pdf-tools: .env, the secrets and the passphrase of backups, where they are missing. Nothing that is there changes.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
name=${1:?which name do clients use?}
[ "${2:-}" != --dry-run ] || dry=yes
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh

write_env() {
  cat >$etc/.env <<ENV
# The settings of this server; the others are in $base/current/.env.example. Then: make update
SERVER_NAME=$name
SECRETS_DIR=$etc/secrets
COMPOSE_FILE=docker-compose.yml:docker-compose.prod.yml:compose/release.yml
ENV
}
own_env() { chown root:pdf-tools $etc/.env && chmod 0640 $etc/.env; }

write_passphrase() { (umask 077 && head -c 32 /dev/urandom | base64 >$etc/backup-passphrase); }

# Containers read their secrets as members of the group 10001; nobody else does.
write_secrets() {
  SECRETS_DIR=$etc/secrets scripts/secrets.sh
  chown root:pdf-tools $etc/secrets/*
  chmod 0440 $etc/secrets/*
}

[ -e $etc/.env ] || run write_env
run own_env
[ -e $etc/backup-passphrase ] || run write_passphrase
run write_secrets
