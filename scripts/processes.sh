# shellcheck shell=bash
# Sourced after lib.sh: the processes of host mode. Each has a supervisor (supervise.sh) that restarts it when it ends.
#   .run/NAME.pid        the supervisor         .run/NAME.child      the process
#   .run/NAME.restarts   number and last time   .run/NAME.failed     why the supervisor stopped restarting it
# The files hold PID and start time, so that a reused PID is not taken for one of these processes.
: "${run_dir:?}" "${host_services:?}"

# Prints when a process started: field 22 of its stat file (the name in it may have spaces), or the answer of ps.
start_time() {
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20
  else ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' _; fi
}

# note PID FILE: records PID and start time of a process.
note() { echo "$1 $(start_time "$1")" >"$run_dir/$2.new" && mv "$run_dir/$2.new" "$run_dir/$2"; }

# is_alive FILE: whether the recorded process runs.
is_alive() {
  local pid started
  read -r pid started 2>/dev/null <"$run_dir/$1" || return 1
  kill -0 "$pid" 2>/dev/null && [ "$(start_time "$pid")" = "$started" ] && ! is_zombie "$pid"
}

is_zombie() { [ -r "/proc/$1/stat" ] && [ "$(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 1)" = Z ]; }

# is_running NAME: whether the process runs, or its supervisor, which may restart it.
is_running() { is_alive "$1.pid" || is_alive "$1.child"; }
# is_supervised NAME: whether both run.
is_supervised() { is_alive "$1.pid" && is_alive "$1.child"; }

# start NAME COMMAND...: starts a process in the background, in its own session. It logs to .run/logs/NAME.log.
start() {
  local name=$1 launcher=(nohup)
  if command -v setsid >/dev/null; then launcher=(setsid); fi
  rm -f "$run_dir/$name".{child,restarts,failed}
  "${launcher[@]}" scripts/supervise.sh "$@" </dev/null >>"$run_dir/logs/$name.log" 2>&1 &
  note $! "$name.pid"
  for _ in $(seq 50); do
    if is_supervised "$name" || [ -e "$run_dir/$name.restarts" ]; then break; fi
    sleep 0.1
  done
}

# send SIGNAL FILE: signals the recorded process.
send() {
  local pid
  is_alive "$2" || return 1
  read -r pid _ <"$run_dir/$2"
  kill "-$1" "$pid" 2>/dev/null
}

# Prints the grace period of a process in seconds. Its container has the same.
grace_of() {
  awk -v service="$1:" '/^  [a-z-]+:$/ { name = $1 } name == service && /stop_grace_period:/ { grace = $2 + 0 }
    END { print grace ? grace : 10 }' docker-compose.yml
}

# stop NAME: sends SIGTERM to the supervisor, which sends it to the process, or to the process if the supervisor is gone. Kills
# both after the grace period.
stop() {
  local name=$1 grace
  grace=$(grace_of "$name")
  send TERM "$name.pid" || send TERM "$name.child" || true
  for _ in $(seq "$((grace * 5))"); do is_running "$name" || break; sleep 0.2; done
  if is_running "$name"; then
    say "$name did not end within $grace s and is killed"
    send KILL "$name.pid" || true
    send KILL "$name.child" || true
  fi
  rm -f "$run_dir/$name".{pid,child,restarts,failed}
}

stop_services() { for name in "${host_services[@]}"; do stop "$name"; done; }
