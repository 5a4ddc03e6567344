#!/usr/bin/env bash
# Usage: [JOB=ID] scripts/logs.sh [SERVICE]
# The last lines of the logs, or all those about a job; on a terminal it goes on showing them.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
follow=
if [ -t 1 ] || [ -n "${FOLLOW:-}" ]; then follow=-f; fi
if scripts/host-running.sh; then
  files=("$run_dir"/logs/*.log)
  if [ -n "${1:-}" ]; then files=("$run_dir/logs/$1.log"); fi
  show() { tail -n "$1" ${2:+"$2"} "${files[@]}"; }
  all=+1
else
  services=("$@")
  show() { docker compose logs --no-color --tail "$1" ${2:+"$2"} "${services[@]}"; }
  all=all
fi
if [ -z "${JOB:-}" ]; then show 100 $follow; exit; fi

# Everything so far, sorted by time; then what comes. Lines in between the two are found in both and shown once.
{
  show "$all"
  echo '--- so far ---'
  [ -z "$follow" ] || show 200 -f
} | node scripts/job-log.mjs "$JOB"
