#!/usr/bin/env bash
# Usage: [RELEASE=pdf-tools-VERSION.tar] [HEALTH_SECONDS=120] scripts/update.sh
# Puts a release in the place of the one that runs without a failed request; without RELEASE it is this folder's, and where
# that is the current one its settings are taken over anew. What does not become healthy is taken back by itself.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
as_root

if [ -n "${RELEASE:-}" ]; then
  unpacked=$(mktemp -d /var/tmp/pdf-tools.XXXXXX)
  trap 'rm -rf "$unpacked"' EXIT
  (umask 077 && tar --no-same-owner --no-same-permissions --strip-components 1 -C "$unpacked" -xf "$RELEASE")
  scripts/check-release.sh "$unpacked"
  RELEASE='' "$unpacked/scripts/update.sh"
  exit
fi

exec 9>/run/lock/pdf-tools-update
flock --nonblock 9 || die "another update is at work"
# shellcheck source=scripts/roll-lib.sh
. scripts/roll-lib.sh
place_release
new=$(cat VERSION) old=$(release_of current)
# A secret that this release is the first to have.
scripts/server-settings.sh "$(sed -n 's/^SERVER_NAME=//p' "${etc:?}/.env")"
place_units
enter_current
start_probe
if [ "$new" != "$old" ]; then
  ln -sfn "releases/$old" $base/previous
  switch_to "$new"
  enter_current
fi
say "from $old to $new"
if roll_forward; then
  say "$new runs$([ "$new" = "$old" ] || echo ", make rollback goes back to $old")"
  systemctl restart pdf-tools-firewall.service pdf-tools-limits.service
  scripts/forget-releases.sh
  exit
fi

[ "$new" != "$old" ] || die "the new settings do not work: what was healthy still runs"
say "back to $old"
switch_to "$old"
enter_current
rm -f $base/previous
roll_back || die "$old does not become healthy either: docker compose ps, docker compose logs"
place_units
die "$new did not become healthy; $old runs as before"
