#!/usr/bin/env bash
# Usage: scripts/limit-log.sh        (pdf-tools-limits.service calls it)
# nginx's refusals for their number, as they come, to standard output; goes on when the container is replaced.
# From the brace on: Compose puts a control sequence before each line that it follows, and no filter would know it then.
set -euo pipefail
cd /opt/pdf-tools/current
docker compose logs --follow --no-log-prefix --no-color --since 0s nginx |
  grep --line-buffered -o '{"time":.*"status":429,.*'
