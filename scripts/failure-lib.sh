# shellcheck shell=bash
# Sourced after lib.sh: builds images with visible progress, and explains why the stack did not start.
: "${run_dir:?}"

# Prints each build step as it starts, and every 10 s the step that still runs. The whole output is in .run/build.log.
build_images() {
  local log=$run_dir/build.log began=$SECONDS status=0 ticker
  mkdir -p "$run_dir"
  : >"$log"
  (
    while sleep 10 >/dev/null 2>&1; do say "  … $((SECONDS - began)) s: $(current_step "$log")"; done
  ) &
  ticker=$!
  docker compose --progress plain build 2>&1 | tee "$log" | print_steps >&2 || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  if [ $status = 0 ]; then say "  built in $((SECONDS - began)) s"; else tail -n 15 "$log" >&2; fi
  return $status
}

# Keeps lines such as "#12 [api build 3/9] RUN npm ci", each step once. Cached steps take no time and are dropped.
print_steps() {
  awk '/^#[0-9]+ \[.*[0-9]+\/[0-9]+\] / { number = $1; sub(/^#[0-9]+ /, ""); step[number] = substr($0, 1, 110); next }
    /^#[0-9]+ CACHED/ { delete step[$1]; next }
    $1 in step { if (step[$1] !~ / FROM / && !seen[substr(step[$1], index(step[$1], " "))]++) { print "  " step[$1]; fflush() } delete step[$1] }'
}

current_step() { sed -n 's/^#[0-9]* \(\[.*[0-9]\/[0-9].*\)/\1/p' "$1" | tail -n 1 | cut -c 1-100; }

# explain_failure LOG PROBLEM: ends the script. Its last line names the cause and what to do next.
explain_failure() {
  local log=$1 problem=$2 cause
  if cause=$(grep -aioE 'no space left on device|disk quota exceeded' "$log" | head -n 1) && [ -n "$cause" ]; then
    die "$problem: the disk is full. Free some space (docker system df, docker builder prune), then $(target up)"
  fi
  cause=$(grep -aoiE '[0-9.:]*:([0-9]+)[^0-9]*(failed: port is already allocated|address already in use)' "$log" | grep -oE '[0-9]{2,5}[^0-9]*$' | grep -oE '^[0-9]+' | head -n 1) || true
  if [ -n "$cause" ]; then explain_port "$problem" "$cause"; fi
  cause=$(grep -aiE 'pull access denied|manifest (unknown|for .* not found)|failed to (resolve|do request|fetch)|no such host|TLS handshake timeout|toomanyrequests|i/o timeout|error pulling|network is unreachable|requires .docker login' "$log" | tail -n 1) || true
  if [ -n "$cause" ]; then
    die "$problem: an image could not be pulled (${cause:0:200}). Check the network and the registry, then $(target up)"
  fi
  explain_containers "$problem"
  cause=$(grep -aE '^(failed to solve|ERROR|Error|error)' "$log" | tail -n 1) || true
  die "$problem${cause:+: ${cause:0:300}}. The whole output is in ${log#"$root"/}. Correct the cause, then $(target up)"
}

explain_port() {
  local variable=HTTP_PORT
  if [ "$2" = "${ADMIN_PORT:-8001}" ]; then variable=ADMIN_PORT; fi
  if [ "$2" = "${HTTPS_PORT:-443}" ]; then variable=HTTPS_PORT; fi
  die "$1: port $2 is taken. Stop the other program, or choose another port: $variable=$(($2 + 1)) $(target up)"
}

# Names the first service that is not healthy, with the last line of its log.
explain_containers() {
  local service state line
  while IFS='|' read -r service state; do
    case $state in *'(healthy)'* | '') continue ;; esac
    docker compose logs --no-log-prefix --tail 15 "$service" >&2 2>&1 || true
    if [ "$service" = redis ]; then
      line=$(docker compose logs --no-log-prefix --tail 100 redis 2>/dev/null | explain_redis 2>&1) || true
      if [ -n "$line" ]; then die "$1: $line"; fi
    fi
    line=$(docker compose logs --no-log-prefix --tail 1 "$service" 2>/dev/null | sed $'s/\033\\[[0-9;]*[A-Za-z]//g; s/^ *//' | cut -c 1-200) || true
    die "$1: the service $service is \"$state\"${line:+, and its log ends with: $line}. Correct the cause (make logs SERVICE=$service), then $(target up)"
  done < <(docker compose ps --all --format '{{.Service}}|{{.Status}}' 2>/dev/null)
}
