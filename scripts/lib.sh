# shellcheck shell=bash
# Sourced by the scripts beside it: where the project is, how they speak, which way it runs.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
# shellcheck disable=SC2034 # these two are for the scripts that source this
run_dir=$root/.run
# shellcheck disable=SC2034
host_services=(api worker scheduler)

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Sets what .env names and the shell does not: the shell wins, as with Compose. MONITORING=on adds its containers.
load_env() {
  read_env_file
  case "${MONITORING:-off}" in
    off) ;;
    on) with_monitoring ;;
    *) die "MONITORING is on or off, not '$MONITORING'" ;;
  esac
}

# Once only: scripts call each other.
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

# docker or host: PDF_TOOLS_MODE decides, else whether an engine answers.
mode() {
  case "${PDF_TOOLS_MODE:-}" in
    docker | host) echo "$PDF_TOOLS_MODE" ;;
    '') if engine_answers; then echo docker; else echo host; fi ;;
    *) die "PDF_TOOLS_MODE is docker or host, not '$PDF_TOOLS_MODE'" ;;
  esac
}

base_url() {
  local host=${HTTP_BIND:-127.0.0.1}
  [ "$host" != 0.0.0.0 ] || host=127.0.0.1
  echo "http://$host:${HTTP_PORT:-8080}"
}

# explain_redis: says if Redis's log, from standard input, ends with a damaged append-only file: since it was last ready.
explain_redis() {
  local log line
  log=$(tail -n 100 | awk '/Ready to accept connections/ { kept = ""; next } { kept = kept $0 "\n" } END { printf "%s", kept }')
  line=$(grep -ao 'redis-start: .*damaged.*' <<<"$log" | tail -n 1) || true
  if [ -n "$line" ]; then say "redis: ${line#redis-start: }"; return; fi
  # What redis-check-aof does not find, such as a command that does not exist.
  line=$(grep -aoE '# .*(reading the append only file|AOF manifest file).*' <<<"$log" | tail -n 1) || true
  if [ -n "$line" ]; then say "redis: ${line#\# } Run: make redis-repair"; fi
}

# http_ok HOST PORT PATH: true for a 200. Plain bash, so that nothing has to be installed for it.
http_ok() {
  (
    exec 3<>"/dev/tcp/$1/$2" || exit 1
    printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$3" "$1" >&3
    read -r -t 5 line <&3 && [[ $line == *' 200 '* ]]
  ) 2>/dev/null
}

# wait_ready SECONDS [COMMAND...]: until /readyz answers 200, or the command says that it never will.
wait_ready() {
  local url host
  url=$(base_url) host=${HTTP_BIND:-127.0.0.1}
  [ "$host" != 0.0.0.0 ] || host=127.0.0.1
  for _ in $(seq "$((${1} * 5))"); do
    if http_ok "$host" "${HTTP_PORT:-8080}" /readyz; then return 0; fi
    if [ $# -gt 1 ] && "${@:2}"; then break; fi
    sleep 0.2
  done
  say "error: $url/readyz does not answer 200 (waited for up to $1 s)"
  return 1
}

print_welcome() {
  local url
  url=$(base_url)
  cat <<EOF

PDF Tools is ready: $url   (documentation: $url/docs)

  curl -F files=@photo.jpg  -F files=@scan.png -o images.pdf     $url/api/image-to-pdf
  curl -F files=@first.pdf  -F files=@second.pdf -o merged.pdf   $url/api/merge-pdf
  curl -F file=@large.pdf   -F dpi=144 -o small.pdf              $url/api/compress-pdf
EOF
}
