# shellcheck shell=bash
# Sourced by roll-lib.sh: measures how long each step takes, and for how long the service does not answer.
probe_log=$(mktemp)
probe_pid=

# Requests /health five times a second, as a client on this server.
start_probe() {
  local name port
  name=$(sed -n 's/^SERVER_NAME=//p' .env) port=$(sed -n 's/^HTTPS_PORT=//p' .env)
  port=${port:-443}
  while :; do
    if curl -fsSk -o /dev/null --max-time 5 --resolve "$name:$port:127.0.0.1" "https://$name:$port/health" 2>/dev/null; then
      echo "$EPOCHREALTIME ok"
    else echo "$EPOCHREALTIME failed"; fi
    sleep 0.2
  # Without the lock of the update (9): a probe may outlive it by a moment.
  done >"$probe_log" 9>&- &
  probe_pid=$!
  trap stop_probe EXIT
}
stop_probe() { kill "$probe_pid" 2>/dev/null || true; rm -f "$probe_log"; }

# step NAME COMMAND...: runs the command, then prints its duration and the failed probes. Returns the status of the command.
step() {
  local name=$1 began=$EPOCHREALTIME status=0
  shift
  "$@" || status=$?
  # Wait for one more probe, which shows when the last failure ended.
  sleep 0.5
  LC_ALL=C awk -v name="$name" -v from="$began" -v to="$EPOCHREALTIME" -v status="$status" '
    $1 >= from && $1 <= to { n++; if ($2 == "failed") { failed++; if (!since) since = $1 } else if (since) { down += $1 - since; since = 0 } }
    END { if (since) down += to - since
      printf "  %-10s %5.1f s, %d of %d probes failed, down for %.1f s%s\n", name, to - from, failed, n, down, status ? ", FAILED" : "" }
  ' "$probe_log" >&2
  return "$status"
}
