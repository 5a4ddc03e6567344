#!/usr/bin/env bash
# Usage: scripts/cert-dry-run.sh
# Tests the renewal of the certificate. The authority checks the domain, and the new certificate is discarded.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
export COMPOSE_FILE=${COMPOSE_FILE:-docker-compose.yml:docker-compose.prod.yml}
exec docker compose exec --no-TTY certbot sh /usr/local/bin/certbot.sh dry-run
