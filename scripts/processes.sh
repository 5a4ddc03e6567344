# shellcheck shell=bash
# Sourced after lib.sh: the processes of this host. Each has a supervisor (supervise.sh) that starts it again when it ends.
#   .run/NAME.pid        the supervisor       .run/NAME.child      the process itself
#   .run/NAME.restarts   how often, and when  .run/NAME.failed     why the supervisor has given up
# A process is known by pid and start time, so that a reused pid is never taken for one of ours.
: "${run_dir:?}" "${host_services:?}"

# When a process started: field 22 of its stat (the name before it may hold blanks), or what ps says.
start_time() {
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20
  else ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' _; fi
}

# note PID FILE: keeps who a process is.
note() { echo "$1 $(start_time "$1")" >"$run_dir/$2.new" && mv "$run_dir/$2.new" "$run_dir/$2"; }

# is_alive FILE: true while the process that was noted there runs.
is_alive() {
  local pid started
  read -r pid started 2>/dev/null <"$run_dir/$1" || return 1
  kill -0 "$pid" 2>/dev/null && [ "$(start_time "$pid")" = "$started" ] && ! is_zombie "$pid"
}

is_zombie() { [ -r "/proc/$1/stat" ] && [ "$(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 1)" = Z ]; }

# is_running NAME: the process or its supervisor, which may be about to start it again.
is_running() { is_alive "$1.pid" || is_alive "$1.child"; }
# is_supervised NAME: both, as it should be.
is_supervised() { is_alive "$1.pid" && is_alive "$1.child"; }

# start NAME COMMAND...: in the background, in a session of its own, logging to .run/logs/NAME.log.
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

# send SIGNAL FILE: to the process that was noted there.
send() {
  local pid
  is_alive "$2" || return 1
  read -r pid _ <"$run_dir/$2"
  kill "-$1" "$pid" 2>/dev/null
}

# Seconds that a process has to end: those of its container.
grace_of() { case $1 in api) echo 130 ;; worker) echo 330 ;; *) echo 10 ;; esac; }

# stop NAME: asks the supervisor, which asks the process; waits, and ends both by force after that. A process whose supervisor
# was killed is asked itself.
stop() {
  local name=$1 grace
  grace=$(grace_of "$name")
  send TERM "$name.pid" || send TERM "$name.child" || true
  for _ in $(seq "$((grace * 5))"); do is_running "$name" || break; sleep 0.2; done
  if is_running "$name"; then
    say "$name did not end within $grace s: killed"
    send KILL "$name.pid" || true
    send KILL "$name.child" || true
  fi
  rm -f "$run_dir/$name".{pid,child,restarts,failed}
}

stop_services() { for name in "${host_services[@]}"; do stop "$name"; done; }
