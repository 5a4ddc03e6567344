#!/usr/bin/env bash
# Usage: scripts/cert-dry-run.sh
# A renewal that changes nothing: the authority asks its question, the certificate is thrown away.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
export COMPOSE_FILE=${COMPOSE_FILE:-docker-compose.yml:docker-compose.prod.yml}
exec docker compose exec --no-TTY certbot sh /usr/local/bin/certbot.sh dry-run
