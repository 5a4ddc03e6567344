#!/bin/sh
# nginx starts before there is a certificate: on a self-signed one. What is served is `served`, a link to one of two folders
# with a pair of certificate and key; 30-watch-certificate.sh changes it.
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
