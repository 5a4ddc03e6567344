#!/usr/bin/env bash
# Usage: SERVER_NAME=pdf.example.org scripts/install-server.sh [--dry-run | --uninstall]
# Installs PDF Tools on a Debian server, from an unpacked release, as root: Docker, user, folders, secrets, firewall, bans and
# units. Then starts the stack. Running it again repairs what is missing. --dry-run lists the steps, and needs no root.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# One option: with --uninstall, a second one such as --dry-run must not be ignored.
case "$*" in
  '') ;;
  --dry-run) dry=yes ;;
  --uninstall) exec scripts/uninstall-server.sh ;;
  *) die "usage: SERVER_NAME=pdf.example.org scripts/install-server.sh [--dry-run | --uninstall]" ;;
esac
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
name=${SERVER_NAME:-$(sed -n 's/^SERVER_NAME=//p' $etc/.env 2>/dev/null || true)}
if [ -n "$dry" ]; then
  name=${name:-pdf.example.org}
  say "Nothing is changed. On this machine the installation would:"
else
  require_root
  command -v apt-get >/dev/null || die "this is not Debian (apt-get is missing). A server needs Debian 12 or later"
fi
[ -n "$name" ] || die "name the host that clients use: SERVER_NAME=pdf.example.org $0"

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$'; }
apt_install() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 install -y -qq --no-install-recommends "$@" >/dev/null; }

say "1/7 packages"
missing=()
for package in ca-certificates curl iptables make openssl gpg gpg-agent ufw fail2ban python3-systemd; do
  is_installed "$package" || missing+=("$package")
done
command -v docker >/dev/null || missing+=(docker.io)
if [ ${#missing[@]} -gt 0 ]; then
  run "update the package lists" apt-get update -qq
  run "install the Debian packages ${missing[*]}" apt_install "${missing[@]}"
fi
run "start Docker, also after each boot" systemctl enable --quiet --now docker
if ! docker compose version >/dev/null 2>&1; then
  # Debian 13's package is Compose v2, Debian 12's is not.
  run "install the Debian package docker-compose" apt_install docker-compose
  [ -n "$dry" ] || docker compose version >/dev/null 2>&1 ||
    die "this Debian has no Compose v2. Install docker-compose-plugin (docs.docker.com/engine/install/debian), then try again"
fi

say "2/7 user and folders"
getent group pdf-tools >/dev/null || run "add the group pdf-tools (10001)" groupadd --gid 10001 pdf-tools
id pdf-tools >/dev/null 2>&1 || run "add the user pdf-tools (10001), without a login" \
  useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin pdf-tools
run "make the folder $base for releases" install -d -m 0755 $base $base/releases
run "make the folder $etc for settings and secrets" install -d -m 0750 -o root -g pdf-tools $etc $etc/secrets
run "make the folder $backups" install -d -m 0700 $backups

say "3/7 settings and secrets in $etc"
scripts/server-settings.sh "$name" ${dry:+--dry-run}

say "4/7 release"
place_release
version=$(cat VERSION 2>/dev/null || echo VERSION)
[ -n "$(release_of current)" ] || switch_to "$version"
[ "$(release_of current)" = "$version" ] || [ -n "$dry" ] ||
  die "the release $(release_of current) is installed. To replace it by $version, run make update in this folder"

say "5/7 units"
place_units
run "start the stack, the firewall, the bans and the backup after each boot" \
  systemctl enable --quiet pdf-tools.service pdf-tools-firewall.service pdf-tools-limits.service pdf-tools-backup.timer

say "6/7 firewall"
for port in 22/tcp 80/tcp 443/tcp; do run "let port $port in" ufw allow "$port" >/dev/null; done
run "turn on UFW, which closes all other ports of the host" ufw --force enable >/dev/null
run "close all other ports of containers" systemctl restart pdf-tools-firewall.service

say "7/7 start"
run "start the stack" systemctl start pdf-tools.service
remember_all() { (enter_current && for service in nginx redis certbot; do remember "$service"; done); }
run "record the configuration of the containers in $base/state" remember_all
run "start the log of refused requests for Fail2Ban" systemctl restart pdf-tools-limits.service
run "start the timer of the nightly backup" systemctl start pdf-tools-backup.timer
run "restart Fail2Ban" systemctl restart fail2ban
[ -z "$dry" ] || exit 0
is_installed unattended-upgrades || say "To install Debian's security updates automatically: apt-get install unattended-upgrades"
say "PDF Tools is installed in $base/current."
say "Get the certificate: cd $base/current && make cert DOMAIN=$name EMAIL=you@example.org"
say "Copy $etc/backup-passphrase to another place. Without it no backup can be read."
