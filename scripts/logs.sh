#!/usr/bin/env bash
# Usage: [JOB=ID] scripts/logs.sh [SERVICE]     (or SERVICE=api scripts/logs.sh)
# Prints the last lines of the logs, or all lines about a job. Follows them on a terminal.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
if [ $# = 0 ] && [ -n "${SERVICE:-}" ]; then set -- "$SERVICE"; fi
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

# First all lines so far, sorted by time, then new ones. job-log.mjs prints lines that are in both only once.
{
  show "$all"
  echo '--- so far ---'
  [ -z "$follow" ] || show 200 -f
} | node scripts/job-log.mjs "$JOB"
