#!/usr/bin/env bash
# Usage: scripts/alerts.sh
# Lists the alerts that fire or are pending. Prints nothing if no alert is active. Needs MONITORING=on.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
[ -n "$(docker compose ps --quiet --status running prometheus 2>/dev/null)" ] || die "Prometheus is not running. Start it with MONITORING=on make up, or on a server with MONITORING=on in .env and make update"
docker compose exec --no-TTY prometheus promtool query instant http://127.0.0.1:9090 'ALERTS' | sed 's/ => .*//'
