#!/usr/bin/env bash
# Usage: scripts/rollback.sh
# Puts the release before the current one in its place, without a failed request; a second call changes back. Job records
# are readable one release back and one ahead, no further.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh
as_root

exec 9>/run/lock/pdf-tools-update
flock --nonblock 9 || die "an update is at work"
enter_current
# shellcheck source=scripts/roll-lib.sh
. scripts/roll-lib.sh
new=$(release_of current) old=$(release_of previous)
if [ -z "$old" ] || [ ! -d "$base/releases/$old" ]; then die "there is no release before $new"; fi
start_probe
ln -sfn "releases/$new" $base/previous
switch_to "$old"
enter_current
say "from $new back to $old"
roll_back || die "$old does not become healthy: docker compose ps, docker compose logs; make rollback goes to $new again"
place_units
systemctl restart pdf-tools-firewall.service pdf-tools-limits.service
say "$old runs"
