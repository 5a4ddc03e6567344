#!/usr/bin/env bash
# Usage: [RELEASE=pdf-tools-VERSION.tar] [HEALTH_SECONDS=120] scripts/update.sh
# Replaces the running release without a failed request. Without RELEASE it installs the release of this folder, or applies changed
# settings if that is the current one. If a container does not become healthy, it returns to the old release.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
require_root

if [ -n "${RELEASE:-}" ]; then
  unpacked=$(mktemp -d /var/tmp/pdf-tools.XXXXXX)
  trap 'rm -rf "$unpacked"' EXIT
  (umask 077 && tar --no-same-owner --no-same-permissions --strip-components 1 -C "$unpacked" -xf "$RELEASE")
  scripts/check-release.sh "$unpacked"
  RELEASE='' "$unpacked/scripts/update.sh"
  exit
fi

exec 9>/run/lock/pdf-tools-update
flock --nonblock 9 || die "another update is running. Wait until it has finished"
# shellcheck source=scripts/roll-lib.sh
. scripts/roll-lib.sh
place_release
new=$(cat VERSION) old=$(release_of current)
# Writes secrets that are new in this release.
scripts/server-settings.sh "$(sed -n 's/^SERVER_NAME=//p' "${etc:?}/.env")"
place_units
enter_current
pull_monitoring
start_probe
if [ "$new" != "$old" ]; then
  ln -sfn "releases/$old" $base/previous
  switch_to "$new"
  enter_current
fi
if [ "$new" = "$old" ]; then say "Applying the settings to $new."; else say "Updating from $old to $new."; fi
if roll_forward; then
  step monitoring roll_monitoring
  say "Release $new is running.$([ "$new" = "$old" ] || echo " make rollback returns to $old.")"
  systemctl restart pdf-tools-firewall.service pdf-tools-limits.service
  scripts/forget-releases.sh
  exit
fi

[ "$new" != "$old" ] || die "the new settings do not work. The containers that were healthy still run. Correct $etc/.env, then run make update again"
say "Returning to $old."
switch_to "$old"
enter_current
rm -f $base/previous
roll_back || die "$old does not become healthy either. Read make ps and make logs"
place_units
die "$new did not become healthy. $old is running as before"
