#!/usr/bin/env bash
# Usage: [PURGE=1] scripts/uninstall-server.sh       (install-server.sh --uninstall)
# Removes containers, images, units, bans and rules, as root. PURGE=1 also removes jobs, certificates, settings and secrets.
# Backups, Docker and Debian's packages stay.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
require_root

units=(pdf-tools-backup.timer pdf-tools-limits.service pdf-tools.service pdf-tools-firewall.service)
say "Stopping. Running jobs have 330 s to finish."
systemctl disable --quiet --now "${units[@]}" 2>/dev/null || true
if [ -e $base/current ]; then
  enter_current
  docker compose down --rmi local ${PURGE:+--volumes}
fi
cd /
docker image ls --format '{{.Repository}}:{{.Tag}}' | grep -E "^pdf-tools-($(IFS='|' && echo "${host_services[*]}")|nginx):" | xargs -r docker image rm >/dev/null
rm -f /etc/systemd/system/pdf-tools{,-firewall,-limits,-backup}.service /etc/systemd/system/pdf-tools-backup.timer
rm -f /etc/fail2ban/{filter,jail}.d/pdf-tools.conf
systemctl daemon-reload
systemctl restart fail2ban || true
rm -rf $base
if [ "${PURGE:-}" = 1 ]; then
  rm -rf $etc
  userdel pdf-tools 2>/dev/null || true
  say "PDF Tools is removed, with all jobs, certificates, settings and secrets."
else
  say "PDF Tools is removed. $etc, the volumes pdf-tools_* (PURGE=1 removes them) and the backups in $backups stay."
fi
say "UFW still lets ports 22, 80 and 443 in."
