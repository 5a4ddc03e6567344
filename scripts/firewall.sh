#!/usr/bin/env bash
# Usage: scripts/firewall.sh on | off      (pdf-tools-firewall.service calls it)
# Lets nothing through to containers from outside but nginx's two ports, whatever is published. A packet that arrives in
# DOCKER-USER has its container's address and port already, so the ports are those in the container: 8080 and 8443.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_env

close() {
  local tables=$1
  "$tables" -w -n -L DOCKER-USER >/dev/null 2>&1 || return 0
  while "$tables" -w -D DOCKER-USER -j PDF-TOOLS 2>/dev/null; do :; done
  "$tables" -w -F PDF-TOOLS 2>/dev/null && "$tables" -w -X PDF-TOOLS
  [ "$2" = on ] || return 0

  rule() { "$tables" -w -A PDF-TOOLS "$@"; }
  "$tables" -w -N PDF-TOOLS
  rule -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN
  # From containers: to each other, and out.
  rule -i docker0 -j RETURN
  rule -i br-+ -j RETURN
  rule -p tcp -m multiport --dports 8080,8443 -j RETURN
  rule -p udp --dport 8443 -j RETURN
  # The operators' listener, where it is bound to the address of a private network.
  case "${ADMIN_BIND:-127.0.0.1}" in
    127.* | *:*) ;;
    *) rule -p tcp --dport 8082 -m conntrack --ctorigdst "$ADMIN_BIND" -j RETURN ;;
  esac
  rule -j DROP
  "$tables" -w -A DOCKER-USER -j PDF-TOOLS
  # Docker's own RETURN comes last in an empty chain: what is behind it is never reached.
  "$tables" -w -D DOCKER-USER -j RETURN 2>/dev/null || true
}

case "${1:-}" in on | off) ;; *) die "usage: scripts/firewall.sh on | off" ;; esac
for tables in iptables ip6tables; do close $tables "$1"; done
