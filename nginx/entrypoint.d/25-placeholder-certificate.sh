#!/bin/sh
# Makes a self-signed certificate, so that nginx can start before the first one is issued. nginx serves `served`, a link to one
# of two folders with certificate and key. 30-watch-certificate.sh changes the link.
set -eu
[ "$TLS" = on ] || exit 0
umask 077
cd /etc/nginx/certificates
mkdir -p certbot webroot
[ ! -s served/fullchain.pem ] || exit 0
mkdir -p pair-a
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=placeholder.invalid \
  -keyout pair-a/privkey.pem -out pair-a/fullchain.pem 2>/dev/null
ln -sfn pair-a served
echo "25-placeholder-certificate.sh: no certificate yet, serving a self-signed placeholder" >&2
