#!/usr/bin/env bash
# Usage: DOMAIN=pdf.example.org EMAIL=you@example.org [STAGING=1] [ACME_SERVER=URL] scripts/cert.sh
# Gets the first certificate of the production stack, and starts the stack if necessary. nginx answers the authority on port 80
# of DOMAIN and then serves the certificate. STAGING=1 uses Let's Encrypt's test authority; a second call without it replaces
# that certificate. Renewal is automatic.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
[ -n "${DOMAIN:-}" ] || die "DOMAIN is missing. Name the host that clients use: make cert DOMAIN=pdf.example.org EMAIL=you@example.org"
[ -n "${EMAIL:-}" ] || die "EMAIL is missing. The authority sends warnings to it: make cert DOMAIN=$DOMAIN EMAIL=you@example.org"
export SERVER_NAME=${SERVER_NAME:-$DOMAIN}
export COMPOSE_FILE=${COMPOSE_FILE:-docker-compose.yml:docker-compose.prod.yml}
[ "$SERVER_NAME" = "$DOMAIN" ] || die "DOMAIN is $DOMAIN, but SERVER_NAME in .env is $SERVER_NAME. Set both to the same name"
# shellcheck source=scripts/version.sh
. scripts/version.sh

docker compose up --detach --wait --no-recreate nginx certbot
docker compose exec --no-TTY --env DOMAIN="$DOMAIN" --env EMAIL="$EMAIL" --env STAGING="${STAGING:-}" certbot \
  sh /usr/local/bin/certbot.sh issue

# nginx serves the file a moment after it is written, so ask nginx.
# shellcheck disable=SC2016 # for the shell in the container
served='pem() { openssl x509 -outform pem 2>/dev/null; }
  [ "$(openssl s_client -connect 127.0.0.1:8443 -servername "$SERVER_NAME" </dev/null 2>/dev/null | pem)" = \
    "$(pem </etc/nginx/certificates/certbot/config/live/pdf-tools/fullchain.pem)" ]'
for _ in $(seq 60); do
  if docker compose exec --no-TTY nginx sh -c "$served"; then
    say "https://$DOMAIN serves its certificate."
    exit 0
  fi
  sleep 1
done
die "the certificate was issued, but nginx does not serve it. Read make logs SERVICE=nginx"
