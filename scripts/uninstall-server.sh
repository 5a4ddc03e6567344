#!/usr/bin/env bash
# Usage: [PURGE=1] scripts/uninstall-server.sh       (install-server.sh --uninstall)
# Takes away containers, images, units, bans and rules, as root. Jobs, certificates, settings and secrets stay but with PURGE=1;
# backups, Docker and Debian's packages stay in any case.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
as_root

units=(pdf-tools-backup.timer pdf-tools-limits.service pdf-tools.service pdf-tools-firewall.service)
say "stopping (work in progress has 330 s)"
systemctl disable --quiet --now "${units[@]}" 2>/dev/null || true
if [ -e $base/current ]; then
  enter_current
  docker compose down --rmi local ${PURGE:+--volumes}
fi
cd /
docker image ls --format '{{.Repository}}:{{.Tag}}' | grep -E '^pdf-tools-(api|worker|scheduler|nginx):' | xargs -r docker image rm >/dev/null
rm -f /etc/systemd/system/pdf-tools{,-firewall,-limits,-backup}.service /etc/systemd/system/pdf-tools-backup.timer
rm -f /etc/fail2ban/{filter,jail}.d/pdf-tools.conf
systemctl daemon-reload
systemctl restart fail2ban || true
rm -rf $base
if [ "${PURGE:-}" = 1 ]; then
  rm -rf $etc
  userdel pdf-tools 2>/dev/null || true
  say "gone, with all jobs, certificates, settings and secrets"
else
  say "gone; $etc and the volumes pdf-tools_* stay (PURGE=1 removes them), and so do the backups in $backups"
fi
say "UFW still lets 22, 80 and 443 in"
