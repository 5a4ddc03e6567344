#!/usr/bin/env bash
# Usage: DOMAIN=pdf.example.org EMAIL=you@example.org [STAGING=1] [ACME_SERVER=URL] scripts/cert.sh
# The first certificate of the production stack, which it starts where it does not run: nginx answers the authority's
# question on port 80 of DOMAIN and serves what comes of it. STAGING=1 takes Let's Encrypt's test authority; the same
# call without it replaces that certificate. Renewals need no call.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
: "${DOMAIN:?which name? DOMAIN=pdf.example.org}" "${EMAIL:?whom does the authority write to? EMAIL=you@example.org}"
export SERVER_NAME=${SERVER_NAME:-$DOMAIN}
export COMPOSE_FILE=${COMPOSE_FILE:-docker-compose.yml:docker-compose.prod.yml}
[ "$SERVER_NAME" = "$DOMAIN" ] || die "nginx answers to SERVER_NAME=$SERVER_NAME, not to $DOMAIN"
# shellcheck source=scripts/version.sh
. scripts/version.sh

docker compose up --detach --wait --no-recreate nginx certbot
docker compose exec --no-TTY --env DOMAIN="$DOMAIN" --env EMAIL="$EMAIL" --env STAGING="${STAGING:-}" certbot \
  sh /usr/local/bin/certbot.sh issue

# Asked of nginx itself: the file is in its place a moment before.
# shellcheck disable=SC2016 # for the shell in the container
served='pem() { openssl x509 -outform pem 2>/dev/null; }
  [ "$(openssl s_client -connect 127.0.0.1:8443 -servername "$SERVER_NAME" </dev/null 2>/dev/null | pem)" = \
    "$(pem </etc/nginx/certificates/certbot/config/live/pdf-tools/fullchain.pem)" ]'
for _ in $(seq 60); do
  if docker compose exec --no-TTY nginx sh -c "$served"; then
    say "https://$DOMAIN has its certificate"
    exit 0
  fi
  sleep 1
done
die "the certificate is there, but nginx does not serve it: docker compose logs nginx"
