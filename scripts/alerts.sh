#!/usr/bin/env bash
# Usage: scripts/alerts.sh
# What fires now, and since when it would have; nothing where all is well. Needs MONITORING=on.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
[ -n "$(docker compose ps --quiet --status running prometheus 2>/dev/null)" ] || die "no Prometheus runs: MONITORING=on make up"
docker compose exec --no-TTY prometheus promtool query instant http://127.0.0.1:9090 'ALERTS' | sed 's/ => .*//'
