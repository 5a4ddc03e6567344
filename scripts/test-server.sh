#!/usr/bin/env bash
# Usage: [SERVER_TOOL=../shared/engine/server] [RELEASES="one.tar two.tar"] scripts/test-server.sh
# Deploys to two disposable Debian servers over ssh. Tests installation, certificate (from Pebble), update and rollback under load, a
# failing update, reboot, power cut, firewall, bans and backup. Then destroys the first server and restores the backup on the
# second. Prints the figures at the end. Takes 20 to 40 minutes on two cores.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

server_tool=${SERVER_TOOL:-../shared/engine/server}
[ -x "$server_tool" ] || { say "SKIPPED: $server_tool, which boots the servers, does not exist"; exit 0; }
engine_answers || die "no Docker engine with Compose v2 answers. Start Docker, then try again"
scripts/install-packages.sh openssl=openssl ssh=openssh-client
scripts/build.sh
# shellcheck source=test/server/lib.sh
. test/server/lib.sh
trap take_down EXIT
take_down
rm -rf "$work" && mkdir -p "$work/pebble"
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
scripts/pebble.sh "$work/pebble" 80

read -r first second <<<"${RELEASES:-$(VERSION=test-1 scripts/release.sh) $(VERSION=test-2 scripts/release.sh)}"
row "release" "$(du -h "$first" | cut -f 1) for a server without a registry"

boot one
pebble=$(start_pebble)
settings one "$pebble"
began=$(now)
deploy "$first"
row "install" "$(since "$began") s over ssh, with Debian's packages"
began=$(now)
on one "make -s cert DOMAIN=$name EMAIL=operator@$name"
curl -sSfk "https://$pebble:15000/roots/0" >"$work/authority.pem"
traffic healthy
row "certificate" "$(since "$began") s"
# shellcheck source=test/server/unit.sh
. test/server/unit.sh

unfailing "update" deploy "$second"
claim "the second release runs" [ "pdf-tools-$(on one 'cat VERSION')" = "$(basename "$second" .tar)" ]
unfailing "rollback" on one 'make -s rollback'
# nginx cannot repeat a request that an api had when it crashed (nginx/templates/40-upstream.conf.template).
MOST_FAILED=2 unfailing "update that fails" refuses_sick_release
back_after "reboot" reboot
back_after "power cut" powercut
# shellcheck source=test/server/firewall.sh
. test/server/firewall.sh
# shellcheck source=test/server/backup.sh
. test/server/backup.sh

printf '\n%s\n' "what | figure"
printf '%s\n' "${rows[@]}" | while IFS='|' read -r what figure; do printf '%-20s %s\n' "$what" "$figure"; done
