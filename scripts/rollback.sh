#!/usr/bin/env bash
# Usage: scripts/rollback.sh
# Returns to the previous release without a failed request. Running it again returns to the newer one. A release reads the job
# records of the release before it and of the one after it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
require_root

exec 9>/run/lock/pdf-tools-update
flock --nonblock 9 || die "an update is running. Wait until it has finished"
enter_current
# shellcheck source=scripts/roll-lib.sh
. scripts/roll-lib.sh
new=$(release_of current) old=$(release_of previous)
if [ -z "$old" ] || [ ! -d "$base/releases/$old" ]; then die "there is no release before $new to return to"; fi
start_probe
ln -sfn "releases/$new" $base/previous
switch_to "$old"
enter_current
say "Returning from $new to $old."
roll_back || die "$old does not become healthy. Read make ps and make logs. make rollback returns to $new"
place_units
systemctl restart pdf-tools-firewall.service pdf-tools-limits.service
say "Release $old is running."
