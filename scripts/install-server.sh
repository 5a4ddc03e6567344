#!/usr/bin/env bash
# Usage: SERVER_NAME=pdf.example.org scripts/install-server.sh [--dry-run | --uninstall]
# Makes a Debian machine a server, from an unpacked release, as root: Docker, user, folders, secrets, firewall, bans, units;
# then starts the stack. A second call mends what is missing and changes nothing else. `make cert` gets the certificate.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
case "${1:-}" in
  '') ;;
  --dry-run) dry=yes ;;
  --uninstall) exec scripts/uninstall-server.sh ;;
  *) die "usage: SERVER_NAME=pdf.example.org scripts/install-server.sh [--dry-run | --uninstall]" ;;
esac
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
as_root
name=${SERVER_NAME:-$(sed -n 's/^SERVER_NAME=//p' $etc/.env 2>/dev/null || true)}
[ -n "$name" ] || die "which name do clients use? SERVER_NAME=pdf.example.org $0"

say "1/7 packages"
wanted=(ca-certificates curl iptables make openssl gpg gpg-agent ufw fail2ban python3-systemd)
command -v docker >/dev/null || wanted+=(docker.io)
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  run apt-get update -qq
  run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
run systemctl enable --quiet --now docker
if ! docker compose version >/dev/null 2>&1; then
  # Debian 13's package is Compose v2, Debian 12's is not.
  run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker-compose >/dev/null
  [ -n "$dry" ] || docker compose version >/dev/null 2>&1 ||
    die "no Compose v2: install docker-compose-plugin (docs.docker.com/engine/install/debian) and try again"
fi

say "2/7 user and folders"
getent group pdf-tools >/dev/null || run groupadd --gid 10001 pdf-tools
id pdf-tools >/dev/null 2>&1 || run useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin pdf-tools
run install -d -m 0755 $base $base/releases
run install -d -m 0750 -o root -g pdf-tools $etc $etc/secrets
run install -d -m 0700 $backups

say "3/7 settings and secrets in $etc"
scripts/server-settings.sh "$name" ${dry:+--dry-run}

say "4/7 the release"
place_release
version=$(cat VERSION)
[ -n "$(release_of current)" ] || switch_to "$version"
[ "$(release_of current)" = "$version" ] || [ -n "$dry" ] || die "$(release_of current) is installed: make update takes $version"

say "5/7 units"
place_units
run systemctl enable --quiet pdf-tools.service pdf-tools-firewall.service pdf-tools-limits.service pdf-tools-backup.timer

say "6/7 firewall: 22, 80 and 443"
for port in 22/tcp 80/tcp 443/tcp; do run ufw allow "$port" >/dev/null; done
run ufw --force enable >/dev/null
run systemctl restart pdf-tools-firewall.service

say "7/7 start"
run systemctl start pdf-tools.service
remember_all() { (enter_current && for service in nginx redis certbot; do remember "$service"; done); }
run remember_all
run systemctl restart pdf-tools-limits.service
run systemctl start pdf-tools-backup.timer
run systemctl restart fail2ban
dpkg-query -W -f '${Status}' unattended-upgrades 2>/dev/null | grep -q ' installed$' ||
  say "Debian's own security updates by themselves: apt-get install unattended-upgrades"
say "installed in $base/current. The certificate: cd $base/current && make cert DOMAIN=$name EMAIL=you@example.org"
say "Keep a copy of $etc/backup-passphrase elsewhere: without it no backup opens."
