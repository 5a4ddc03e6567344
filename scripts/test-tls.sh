#!/usr/bin/env bash
# Usage: [STACK_PORT=18080] [STACK_PROJECT=pdf-tools-test] [JEST_REPORTS=FOLDER] scripts/test-tls.sh
# The tests of test/tls against the production stack with Pebble in the place of Let's Encrypt; test-stack.sh calls it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/test-lib.sh
. scripts/test-lib.sh

scripts/install-packages.sh openssl=openssl testssl=testssl.sh
port=${STACK_PORT:-18080}
export COMPOSE_PROJECT_NAME=${STACK_PROJECT:-pdf-tools-test}
export COMPOSE_FILE=docker-compose.yml:docker-compose.prod.yml:test/tls/compose.yml
export HTTP_PORT=$port HTTPS_PORT=$((port + 3)) ADMIN_BIND=127.0.0.1 ADMIN_PORT=$((port + 4))
export SERVER_NAME=pdf-tools.example ACME_SERVER=https://pebble:14000/dir PEBBLE_DIR=$run_dir/test-pebble

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

# Port 80 answers everything with a redirect, and a certificate comes with the tests.
# shellcheck disable=SC2034 # test-lib.sh reads it
ready_check=(true)
start_stack
run_tests tls "$@"
