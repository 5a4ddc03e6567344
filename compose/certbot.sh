#!/bin/sh
# Usage: certbot.sh issue | renew [OPTION...] | dry-run | loop       (in the certbot container; loop is what it does by itself)
# One certificate, named pdf-tools; certbot's folders and nginx's webroot are on the volume that the two share.
#   issue     DOMAIN, EMAIL; ACME_SERVER or STAGING=1 for another authority than Let's Encrypt: the first certificate, or one for
#             another name or of another authority. One that is valid for longer than 30 days stays.
#   loop      renews what is due, twice a day give or take half an hour (RENEW_SECONDS)
set -eu
folder=${CERTIFICATES_DIR:-/etc/nginx/certificates}
config=$folder/certbot/config
lets_encrypt=https://acme-v02.api.letsencrypt.org/directory
staging=https://acme-staging-v02.api.letsencrypt.org/directory
umask 077

# One at a time: certbot itself gives up where another one runs.
run() {
  flock "$folder/certbot/lock" certbot "$@" --non-interactive --config-dir "$config" --work-dir "$folder/certbot/work" \
    --logs-dir "$folder/certbot/logs" --max-log-backups 20
}

issue() {
  server=${ACME_SERVER:-$lets_encrypt}
  [ "${STAGING:-}" != 1 ] || server=$staging
  # certbot keeps what is not due, whoever made it: another authority's has to be asked for.
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
    # A failure is told and tried again next time: 30 days are left then.
    if [ -f "$config/renewal/pdf-tools.conf" ]; then renew --quiet || echo "certbot.sh: the renewal failed" >&2; fi
    random=$(od -An -N2 -tu2 /dev/urandom)
    sleep $((every - every / 24 + random * (every / 12) / 65536))
  done
}

command=${1:?which one? issue, renew, dry-run or loop}
shift
case "$command" in
  issue | loop) "$command" ;;
  renew) renew "$@" ;;
  dry-run) renew --dry-run ${ACME_SERVER:+--server "$ACME_SERVER"} ;;
  *) echo "certbot.sh: $command is none of issue, renew, dry-run and loop" >&2; exit 1 ;;
esac
