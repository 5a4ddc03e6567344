#!/bin/sh
# Usage: certbot.sh issue | renew [OPTION...] | dry-run | loop       (in the certbot container, which runs loop)
# Manages one certificate, named pdf-tools. certbot's folders and nginx's webroot are on a volume that both containers mount.
#   issue     gets the certificate for DOMAIN and EMAIL, from ACME_SERVER, Let's Encrypt or its test authority (STAGING=1). Keeps a
#             certificate of the same name and authority that is valid for more than 30 days.
#   loop      renews the certificate when due. Checks every RENEW_SECONDS (12 hours), with a random shift of half an hour.
set -eu
folder=${CERTIFICATES_DIR:-/etc/nginx/certificates}
config=$folder/certbot/config
lets_encrypt=https://acme-v02.api.letsencrypt.org/directory
staging=https://acme-staging-v02.api.letsencrypt.org/directory
umask 077

# One at a time, because certbot fails if another certbot runs.
run() {
  flock "$folder/certbot/lock" certbot "$@" --non-interactive --config-dir "$config" --work-dir "$folder/certbot/work" \
    --logs-dir "$folder/certbot/logs" --max-log-backups 20
}

issue() {
  server=${ACME_SERVER:-$lets_encrypt}
  [ "${STAGING:-}" != 1 ] || server=$staging
  # certbot keeps a certificate that is not due, whichever authority issued it. Force the change to another authority.
  force=
  conf=$config/renewal/pdf-tools.conf
  if [ -f "$conf" ] && ! grep -qxF "server = $server" "$conf"; then force=--force-renewal; fi
  run certonly --webroot --webroot-path "$folder/webroot" --cert-name pdf-tools --domain "${DOMAIN:?}" \
    --email "${EMAIL:?}" --agree-tos --no-eff-email --key-type ecdsa --elliptic-curve secp256r1 \
    --server "$server" --keep-until-expiring --renew-with-new-domains $force
}

renew() { run renew --cert-name pdf-tools --no-random-sleep-on-renew "$@"; }

loop() {
  every=${RENEW_SECONDS:-43200}
  while :; do
    touch /tmp/alive
    # After a failure the next check tries again. The certificate is still valid for up to 30 days.
    if [ -f "$config/renewal/pdf-tools.conf" ]; then renew --quiet || echo "certbot.sh: the renewal failed" >&2; fi
    random=$(od -An -N2 -tu2 /dev/urandom)
    sleep $((every - every / 24 + random * (every / 12) / 65536))
  done
}

command=${1:?must be issue, renew, dry-run or loop}
shift
case "$command" in
  issue | loop) "$command" ;;
  renew) renew "$@" ;;
  dry-run) renew --dry-run ${ACME_SERVER:+--server "$ACME_SERVER"} ;;
  *) echo "certbot.sh: the command must be issue, renew, dry-run or loop, not $command" >&2; exit 1 ;;
esac
