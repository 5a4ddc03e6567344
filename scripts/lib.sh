# shellcheck shell=bash
# Sourced by every script: project folder, messages, settings, Docker or host mode.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
# shellcheck disable=SC2034 # the scripts that source this file use these
run_dir=$root/.run
# The Node services: those of docker-compose.yml that extend `node` of compose/base.yml.
# shellcheck disable=SC2034,SC2207
host_services=($(awk '/^  [a-z-]+:$/ { name = $1; sub(":", "", name) } /service: node }/ { print name }' docker-compose.yml))
# Programs that install-packages.sh downloaded without root. Programs of the system come first.
export PATH=$PATH:$run_dir/programs/bin

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# target NAME: prints how the user calls a task: `make NAME`, or the script if make is not installed.
target() { if command -v make >/dev/null; then echo "make $1"; else echo "scripts/$1.sh"; fi; }

# on_terminal: whether a person can see a question and answer it.
on_terminal() { [ -t 0 ] && [ -t 2 ]; }

# confirm QUESTION: returns true for y or yes, and for YES=1.
confirm() {
  local answer
  [ "${YES:-}" != 1 ] || return 0
  read -r -p "$1 [y/N] " answer || answer=n
  case $answer in y | Y | yes | Yes | YES) ;; *) return 1 ;; esac
}

# with_progress LABEL LOG COMMAND...: runs a command with its output in LOG. Prints the elapsed time every 10 s, and the
# end of LOG if the command fails.
with_progress() {
  local label=$1 log=$2 began=$SECONDS status=0 ticker
  shift 2
  say "$label"
  (
    # Its output is closed, or a caller that reads ours would wait for the last sleep.
    while sleep 10 >/dev/null 2>&1; do say "  … $((SECONDS - began)) s"; done
  ) &
  ticker=$!
  "$@" >"$log" 2>&1 || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  if [ $status = 0 ]; then say "  done in $((SECONDS - began)) s"; else tail -n 15 "$log" >&2; fi
  return $status
}

# Exports the variables of .env that the shell does not set, as Compose does. MONITORING=on adds its containers.
load_env() {
  read_env_file
  case "${MONITORING:-off}" in
    off) ;;
    on) with_monitoring ;;
    *) die "MONITORING must be on or off, not '$MONITORING'" ;;
  esac
}

# Adds the file only once, because scripts call each other.
with_monitoring() {
  case ":${COMPOSE_FILE:=docker-compose.yml}:" in
    *:compose/monitoring.yml:*) ;;
    *) export COMPOSE_FILE=$COMPOSE_FILE:compose/monitoring.yml ;;
  esac
}

read_env_file() {
  [ -f .env ] || return 0
  local name value
  while IFS='=' read -r name value || [ -n "$name" ]; do
    [[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || continue
    value=${value%$'\r'}
    [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]] && value=${BASH_REMATCH[1]}
    [ -n "${!name+set}" ] || export "$name=$value"
  done <.env
}

engine_answers() { docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; }

# Prints docker or host. PDF_TOOLS_MODE decides; otherwise docker if an engine answers.
mode() {
  case "${PDF_TOOLS_MODE:-}" in
    docker | host) echo "$PDF_TOOLS_MODE" ;;
    '') if engine_answers; then echo docker; else echo host; fi ;;
    *) die "PDF_TOOLS_MODE must be docker or host, not '$PDF_TOOLS_MODE'" ;;
  esac
}

base_url() {
  local host=${HTTP_BIND:-127.0.0.1}
  [ "$host" != 0.0.0.0 ] || host=127.0.0.1
  echo "http://$host:${HTTP_PORT:-8080}"
}

# explain_redis: reads Redis's log from standard input. Prints the damage of the append-only file if Redis has reported one
# since it was last ready.
explain_redis() {
  local log line
  log=$(tail -n 100 | awk '/Ready to accept connections/ { kept = ""; next } { kept = kept $0 "\n" } END { printf "%s", kept }')
  line=$(grep -ao 'redis-start: .*damaged.*' <<<"$log" | tail -n 1) || true
  if [ -n "$line" ]; then say "redis: ${line#redis-start: }"; return; fi
  # redis-check-aof does not find every damage, for example an unknown command.
  line=$(grep -aoE '# .*(reading the append only file|AOF manifest file).*' <<<"$log" | tail -n 1) || true
  if [ -n "$line" ]; then say "redis: ${line#\# } Run: make redis-repair"; fi
}

# http_ok HOST PORT PATH: returns true for status 200. Uses bash only, because curl may be missing.
http_ok() {
  (
    exec 3<>"/dev/tcp/$1/$2" || exit 1
    printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$3" "$1" >&3
    read -r -t 5 line <&3 && [[ $line == *' 200 '* ]]
  ) 2>/dev/null
}

# wait_ready SECONDS [COMMAND...]: waits until /readyz answers 200. Stops early when COMMAND returns true.
wait_ready() {
  local url host
  url=$(base_url) host=${HTTP_BIND:-127.0.0.1}
  [ "$host" != 0.0.0.0 ] || host=127.0.0.1
  for _ in $(seq "$((${1} * 5))"); do
    if http_ok "$host" "${HTTP_PORT:-8080}" /readyz; then return 0; fi
    if [ $# -gt 1 ] && "${@:2}"; then break; fi
    sleep 0.2
  done
  say "error: $url/readyz did not answer 200 within $1 s"
  return 1
}

print_welcome() {
  local url
  url=$(base_url)
  cat <<EOF_WELCOME

PDF Tools is ready: $url   (documentation: $url/docs)

  curl --fail-with-body -F files=@photo.jpg -F files=@scan.png   -o images.pdf $url/api/image-to-pdf
  curl --fail-with-body -F files=@first.pdf -F files=@second.pdf -o merged.pdf $url/api/merge-pdf
  curl --fail-with-body -F file=@large.pdf  -F dpi=144           -o small.pdf  $url/api/compress-pdf
EOF_WELCOME
}
