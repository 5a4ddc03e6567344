#!/usr/bin/env bash
# Usage: [RESTART_DELAYS="1 2 4"] [STEADY_SECONDS=60] scripts/supervise.sh NAME COMMAND...     (start in processes.sh)
# Runs a command of the host mode, and starts it again when it ends, for any reason, until SIGTERM comes. Each restart
# waits for the next of the delays, in seconds. A run of STEADY_SECONDS begins again with the first; after the last one this
# gives up. It logs a JSON line for each step, as the services do.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

name=$1
shift
read -r -a delays <<<"${RESTART_DELAYS:-1 2 4 8 16 30 30 30 30 30}"
steady=${STEADY_SECONDS:-60}
child='' stopping='' asked='' failures=0 restarts=0
unset RESTART_DELAYS STEADY_SECONDS
ask_to_end() {
  asked=yes
  kill -TERM "$child" 2>/dev/null || true
}
trap 'stopping=yes; [ -z "$child" ] || ask_to_end' TERM
trap '' HUP INT

log() { printf '{"time":"%s","level":"%s","service":"supervisor","message":"%s","process":"%s"%s}\n' "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" "$1" "$2" "$name" "$3"; }

# await PID: its exit status. A signal to this script interrupts `wait`.
await() {
  local status=0
  while :; do
    wait "$1" && status=0 || status=$?
    kill -0 "$1" 2>/dev/null || return $status
  done
}

while :; do
  began=$SECONDS
  "$@" &
  child=$!
  note "$child" "$name.child"
  # The signal may have come before the process was known.
  if [ -n "$stopping" ] && [ -z "$asked" ]; then ask_to_end; fi
  await "$child" && status=0 || status=$?
  [ -z "$stopping" ] || exit 0
  child=
  if [ $((SECONDS - began)) -ge "$steady" ]; then failures=0; fi
  if [ "$failures" -ge ${#delays[@]} ]; then
    log error 'process failed permanently' ",\"status\":$status,\"restarts\":$restarts,\"next\":\"correct the cause logged above, then make up\""
    echo "given up after $restarts restarts, last exit status $status" >"$run_dir/$name.failed"
    exit 1
  fi
  delay=${delays[failures]}
  failures=$((failures + 1)) restarts=$((restarts + 1))
  log error 'process ended' ",\"status\":$status,\"restart\":$restarts,\"delay_seconds\":$delay"
  echo "$restarts $(date -u +%H:%M:%S) UTC" >"$run_dir/$name.restarts"
  sleep "$delay" &
  child=$!
  await "$child" || true
  child=
  [ -z "$stopping" ] || exit 0
done
