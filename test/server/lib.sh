# shellcheck shell=bash
# Sourced by scripts/test-server.sh: disposable servers, Pebble, clients, and what is to be true.
: "${run_dir:?}" "${server_tool:?}"
project=pdf-tools-srv name=pdf-tools.example
work=$run_dir/test-server
rows=()

row() { rows+=("$1|$2"); say "== $1: $2"; }
# claim WHAT COMMAND...   Ends the test if the command fails.
claim() { if "${@:2}"; then say "   ok: $1"; else die "NOT TRUE: $1"; fi; }
now() { echo "$EPOCHREALTIME"; }
since() { LC_ALL=C awk -v a="$1" -v b="${2:-$EPOCHREALTIME}" 'BEGIN { printf "%.1f", b - a }'; }

server() { "$server_tool" "$1" "$project-$2" "${@:3}"; }
# on SERVER COMMAND: a shell command there, in the folder of what is installed.
on() { server run "$1" sh -c "cd /opt/pdf-tools/current 2>/dev/null; $2"; }

take_down() {
  [ -z "${load_pid:-}" ] || kill "$load_pid" 2>/dev/null || true
  for each in one two; do server stop $each; done
  docker rm -f $project-pebble >/dev/null 2>&1 || true
}

# Reachable over ssh, as a rented server is.
boot() {
  server start "$1"
  # shellcheck disable=SC2016 # for the shell there
  server run "$1" sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openssh-server >/dev/null 2>&1
    mkdir -p -m 700 /root/.ssh && cat >/root/.ssh/authorized_keys && systemctl start ssh' <"$work/key.pub"
  address=$(server address "$1")
  export STACK_HOST=$address
}

deploy() {
  HOST=root@$address SERVER_NAME=$name RELEASE=$1 \
    SSH_OPTIONS="-i $work/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR" scripts/deploy.sh
}

# An authority for the name, which it finds at the server's address.
start_pebble() {
  docker rm -f $project-pebble >/dev/null 2>&1 || true
  docker run -d --name $project-pebble --add-host "$name:$address" -e PEBBLE_VA_NOSLEEP=1 -e PEBBLE_WFE_NONCEREJECT=0 \
    -v "$work/pebble:/pebble:ro" ghcr.io/letsencrypt/pebble:2.6.0 -config /pebble/config.json >/dev/null
  docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' $project-pebble
}

# What is this test's alone on a server, before anything is installed: the overlay and who the authority is.
settings() {
  server put "$1" "$work/pebble" /etc/pdf-tools/pebble
  server run "$1" sh -c "cat >/etc/pdf-tools/test.yml" <test/server/compose.yml
  server run "$1" sh -c "cat >/etc/pdf-tools/.env" <<ENV
SERVER_NAME=$name
SECRETS_DIR=/etc/pdf-tools/secrets
COMPOSE_FILE=docker-compose.yml:docker-compose.prod.yml:compose/release.yml:/etc/pdf-tools/test.yml
ACME_SERVER=https://pebble:14000/dir
PEBBLE_ADDRESS=$2
ENV
  server run "$1" chmod 755 /etc/pdf-tools
}

export HTTPS_PORT=443 SERVER_NAME=$name CA_FILE=$work/authority.pem
traffic() { node test/dist/server/traffic.js "$@"; }
# Node itself in the background, for the signal that ends it.
start_load() { node test/dist/server/traffic.js load >"$work/load.json" & load_pid=$!; sleep 3; }
stop_load() { kill -TERM "$load_pid"; wait "$load_pid" || true; load_pid=; }

# unfailing WHAT COMMAND...: the command under load and with jobs in the queue; nothing fails (but for MOST_FAILED requests),
# nothing is lost.
unfailing() {
  local what=$1 began took outcome lost failed total status=0
  shift
  start_load
  mapfile -t ids < <(traffic jobs 20)
  began=$(now)
  "$@" || status=$?
  took=$(since "$began")
  stop_load
  outcome=$(cat "$work/load.json") lost=$(traffic ended "${ids[@]}")
  total=$(sed -nE 's/.*"total":([0-9]+).*/\1/p' <<<"$outcome") failed=$(sed -nE 's/.*"failed":([0-9]+).*/\1/p' <<<"$outcome")
  row "$what" "$took s, $failed of $total requests failed, $lost of 20 jobs lost"
  claim "$what fails no request and loses no job ($outcome)" [ "$((failed > ${MOST_FAILED:-0})) $lost" = "0 0" ]
  return $status
}

# back_after WHAT VERB: jobs are accepted, the server goes and comes; all of them end.
back_after() {
  local began healthy_at docker_at lost
  mapfile -t ids < <(traffic jobs 20)
  began=$(now)
  server "$2" one
  traffic healthy
  healthy_at=$(now)
  docker_at=$(server run one date +%s.%N -d "$(server run one systemctl show docker --property ActiveEnterTimestamp --value)")
  lost=$(traffic ended "${ids[@]}")
  row "$1" "healthy $(since "$began" "$healthy_at") s after the command, $(since "$docker_at" "$healthy_at") s after Docker, $lost of 20 jobs lost"
  claim "$1 loses no job" [ "$lost" = 0 ]
}
