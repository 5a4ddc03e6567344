#!/usr/bin/env bash
# Usage: [STACK_PORT=18080] [STACK_PROJECT=pdf-tools-test] [TESTSSL=short|full] [JEST_REPORTS=FOLDER] scripts/test-tls.sh
# Runs test/tls against the production stack, with Pebble instead of Let's Encrypt. Called by test-stack.sh.
# TESTSSL=short skips the checks of single ciphers and of known attacks.
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

scripts/pebble.sh "$PEBBLE_DIR" 8080

# Port 80 redirects every request, and the tests get the certificate, so there is nothing to wait for.
# shellcheck disable=SC2034 # test-lib.sh reads it
ready_check=(true)
start_stack
run_tests tls "$@"
