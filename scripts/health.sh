#!/usr/bin/env bash
# Usage: scripts/health.sh
# Asks the running stack for /readyz and /version, in the way of a client: through nginx, on a server with its name over TLS.
# Fails unless Redis, the disk and a worker are available.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
url=$(base_url) options=()
if [ -n "${SERVER_NAME:-}" ] && [[ ${COMPOSE_FILE:-} == *docker-compose.prod.yml* ]]; then
  port=${HTTPS_PORT:-443} url=https://$SERVER_NAME
  [ "$port" = 443 ] || url=$url:$port
  # The address of this host, and any certificate: this checks the service, not DNS. `make cert` checks the certificate.
  options=(--insecure --resolve "$SERVER_NAME:$port:127.0.0.1")
fi
# ask PATH: prints the response. The status 000 means that nothing answered.
if command -v curl >/dev/null; then
  ask() { curl --silent --max-time 10 --write-out '\n%{http_code}' ${options[@]+"${options[@]}"} "$url$1" || true; }
elif command -v node >/dev/null && [ ${#options[@]} = 0 ]; then
  # A host without Docker has Node, but may have no curl.
  script='fetch(process.argv[1], { signal: AbortSignal.timeout(10_000) })
    .then(async (r) => (await r.text()) + "\n" + r.status, () => "\n000").then((text) => process.stdout.write(text))'
  ask() { node --eval "$script" "$url$1"; }
else die "curl is missing. Install it, or open $url/readyz in a browser"; fi
response=$(ask /readyz)
status=${response##*$'\n'}
echo "$url/readyz: $status ${response%$'\n'*}"
case $status in
  200) response=$(ask /version) && echo "$url/version: ${response%$'\n'*}" ;;
  000) die "nothing answers at $url. Check make ps; start the service with make up, or on a server: systemctl start pdf-tools" ;;
  *) die "the service is not ready. The response above names what is missing; make ps and make logs show more" ;;
esac
