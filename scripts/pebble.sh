#!/usr/bin/env bash
# Usage: scripts/pebble.sh FOLDER PORT      (the tests with certificates call it)
# Writes the configuration of Pebble, the test authority of Let's Encrypt. It validates domains at PORT. Its API uses HTTPS with
# a self-signed certificate (authority.pem), which certbot trusts in the tests.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

folder=${1:?is the folder, and is missing} port=${2:?is the port, and is missing}
mkdir -p "$folder"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=pebble -addext subjectAltName=DNS:pebble \
  -keyout "$folder/key.pem" -out "$folder/authority.pem" 2>/dev/null
chmod 644 "$folder/key.pem"
cat >"$folder/config.json" <<JSON
{ "pebble": { "listenAddress": "0.0.0.0:14000", "managementListenAddress": "0.0.0.0:15000",
  "certificate": "/pebble/authority.pem", "privateKey": "/pebble/key.pem", "httpPort": $port, "tlsPort": 8443,
  "ocspResponderURL": "", "externalAccountBindingRequired": false, "certificateValidityPeriod": 7776000 } }
JSON
