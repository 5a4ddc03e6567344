#!/bin/sh
# Until there is a certificate of a certificate authority, nginx starts on a self-signed one.
set -eu
folder=/etc/nginx/certificates
if [ "$TLS" = off ] || [ -s "$folder/fullchain.pem" ]; then exit 0; fi
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=placeholder.invalid \
  -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2>/dev/null
echo "16-placeholder-certificate.sh: no certificate yet, serving a self-signed placeholder" >&2
