#!/usr/bin/env bash
# Usage: [STACK_PORT=18080] [STACK_PROJECT=pdf-tools-test] [JEST_REPORTS=FOLDER] scripts/test-tls.sh
# The tests of test/tls against the production stack with Pebble in the place of Let's Encrypt; test-stack.sh calls it.
# Taken down with its volumes before and after.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

engine_answers || die "no Docker engine with Compose v2 answers"
scripts/install-packages.sh openssl=openssl testssl=testssl.sh
scripts/build.sh

# Nothing of a developer's .env changes what is tested.
port=${STACK_PORT:-18080}
export COMPOSE_PROJECT_NAME=${STACK_PROJECT:-pdf-tools-test} COMPOSE_DISABLE_ENV_FILE=1
export COMPOSE_FILE=docker-compose.yml:docker-compose.prod.yml:test/tls/compose.yml
export HTTP_BIND=127.0.0.1 HTTP_PORT=$port HTTPS_PORT=$((port + 3)) ADMIN_BIND=127.0.0.1 ADMIN_PORT=$((port + 4))
export SERVER_NAME=pdf-tools.example ACME_SERVER=https://pebble:14000/dir PEBBLE_DIR=$run_dir/test-pebble
export RATE_LIMIT=on API_REPLICAS=1 ALLOWED_ORIGINS=https://app.example.org SECRETS_DIR=$run_dir/test-secrets
# shellcheck source=scripts/version.sh
. scripts/version.sh
take_down() { docker compose down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1 || true; }

scripts/secrets.sh
for name in api_keys webhook_secret; do [ -e "$SECRETS_DIR/$name" ] || : >"$SECRETS_DIR/$name"; done

# Pebble's own address is https too: a key pair that signs itself, which certbot is told to believe.
mkdir -p "$PEBBLE_DIR"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=pebble -addext subjectAltName=DNS:pebble \
  -keyout "$PEBBLE_DIR/key.pem" -out "$PEBBLE_DIR/authority.pem" 2>/dev/null
chmod 644 "$PEBBLE_DIR/key.pem"
cat >"$PEBBLE_DIR/config.json" <<'JSON'
{ "pebble": { "listenAddress": "0.0.0.0:14000", "managementListenAddress": "0.0.0.0:15000",
  "certificate": "/pebble/authority.pem", "privateKey": "/pebble/key.pem", "httpPort": 8080, "tlsPort": 8443,
  "ocspResponderURL": "", "externalAccountBindingRequired": false, "certificateValidityPeriod": 7776000 } }
JSON

take_down
trap take_down EXIT
docker compose build --quiet
if ! docker compose up --detach --wait >"$run_dir/test-tls.log" 2>&1; then
  tail -n 5 "$run_dir/test-tls.log" >&2
  docker compose logs --tail 20 >&2
  die "the stack did not become ready"
fi

status=0
node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects tls --runInBand \
  ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/tls.json"} "$@" || status=$?
[ $status = 0 ] || docker compose logs --no-color --timestamps >"$run_dir/test-tls.log" 2>&1
exit $status
