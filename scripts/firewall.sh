#!/usr/bin/env bash
# Usage: scripts/firewall.sh on | off      (pdf-tools-firewall.service calls it)
# Closes all published ports of containers to the outside, except the two of nginx. In the chain DOCKER-USER a packet already
# has the address and port of its container, so these are 8080 and 8443.
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
  # Containers reach each other and the outside.
  rule -i docker0 -j RETURN
  rule -i br-+ -j RETURN
  rule -p tcp -m multiport --dports 8080,8443 -j RETURN
  rule -p udp --dport 8443 -j RETURN
  # The admin port, if it is bound to an address of a private network.
  case "${ADMIN_BIND:-127.0.0.1}" in
    127.* | *:*) ;;
    *) rule -p tcp --dport 8082 -m conntrack --ctorigdst "$ADMIN_BIND" -j RETURN ;;
  esac
  rule -j DROP
  "$tables" -w -A DOCKER-USER -j PDF-TOOLS
  # Docker ends an empty chain with RETURN. Rules after it would never be reached.
  "$tables" -w -D DOCKER-USER -j RETURN 2>/dev/null || true
}

case "${1:-}" in on | off) ;; *) die "usage: scripts/firewall.sh on | off" ;; esac
for tables in iptables ip6tables; do close $tables "$1"; done
