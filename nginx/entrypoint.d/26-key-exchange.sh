#!/bin/sh
# Removes the hybrid key exchange if OpenSSL does not know it (before 3.5). nginx would not start with it.
set -eu
[ "$TLS" = on ] || exit 0
nginx -t -q 2>/dev/null || sed -i 's/X25519MLKEM768://' /etc/nginx/conf.d/servers-tls-on.inc
