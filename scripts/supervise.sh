#!/usr/bin/env bash
# Usage: [RESTART_DELAYS="1 2 4"] [STEADY_SECONDS=60] scripts/supervise.sh NAME COMMAND...     (start in processes.sh)
# Runs a command in host mode and restarts it whenever it ends, until SIGTERM. Each restart waits for the next of the delays, in
# seconds. After a run of STEADY_SECONDS it starts again with the first delay. After the last delay it stops restarting. It logs a
# JSON line for each step, as the services do.
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
stop_child() {
  asked=yes
  kill -TERM "$child" 2>/dev/null || true
}
trap 'stopping=yes; [ -z "$child" ] || stop_child' TERM
trap '' HUP INT

log() { printf '{"time":"%s","level":"%s","service":"supervisor","message":"%s","process":"%s"%s}\n' "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" "$1" "$2" "$name" "$3"; }

# await PID: waits and returns the exit status. A signal to this script interrupts `wait`.
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
  # The signal may have arrived before the PID was known.
  if [ -n "$stopping" ] && [ -z "$asked" ]; then stop_child; fi
  await "$child" && status=0 || status=$?
  [ -z "$stopping" ] || exit 0
  child=
  if [ $((SECONDS - began)) -ge "$steady" ]; then failures=0; fi
  if [ "$failures" -ge ${#delays[@]} ]; then
    log error 'process failed permanently' ",\"status\":$status,\"restarts\":$restarts,\"next\":\"correct the cause logged above, then make up\""
    echo "failed permanently after $restarts restarts, last exit status $status" >"$run_dir/$name.failed"
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
