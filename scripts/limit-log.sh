#!/usr/bin/env bash
# Usage: scripts/limit-log.sh        (pdf-tools-limits.service calls it)
# Prints each request that nginx refuses with 429. Continues when the container is replaced.
# Each line starts at the brace, because Compose puts a control sequence before lines that it follows.
set -euo pipefail
cd /opt/pdf-tools/current
docker compose logs --follow --no-log-prefix --no-color --since 0s nginx |
  grep --line-buffered -o '{"time":.*"status":429,.*'
