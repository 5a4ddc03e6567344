# shellcheck shell=bash
# Sourced after lib.sh: processes of this host, known by pid and start time, so that a reused pid is never taken for ours.
: "${run_dir:?}"

# When a process started: field 22 of its stat (the name before it may hold blanks), or what ps says.
start_time() {
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20
  else ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' _; fi
}

# is_running NAME: true while the process of .run/NAME.pid is the one that was started.
is_running() {
  local pid started
  read -r pid started 2>/dev/null <"$run_dir/$1.pid" || return 1
  kill -0 "$pid" 2>/dev/null && [ "$(start_time "$pid")" = "$started" ] && ! is_zombie "$pid"
}

is_zombie() { [ -r "/proc/$1/stat" ] && [ "$(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 1)" = Z ]; }

# start NAME COMMAND...: in the background, in a session of its own, logging to .run/logs/NAME.log.
start() {
  local name=$1 launcher=(nohup) pid
  shift
  if command -v setsid >/dev/null; then launcher=(setsid); fi
  "${launcher[@]}" "$@" </dev/null >>"$run_dir/logs/$name.log" 2>&1 &
  pid=$!
  sleep 0.1
  echo "$pid $(start_time "$pid")" >"$run_dir/$name.pid"
}

# stop NAME SECONDS: asks, waits, and ends it by force after that.
stop() {
  local pid
  if is_running "$1"; then
    read -r pid _ <"$run_dir/$1.pid"
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq "$(($2 * 5))"); do is_running "$1" || break; sleep 0.2; done
    if is_running "$1"; then say "$1 did not end within $2 s: killed"; kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$run_dir/$1.pid"
}

stop_services() { stop api 130; stop worker 330; stop scheduler 10; }
