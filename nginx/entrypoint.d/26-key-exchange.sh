#!/bin/sh
# The hybrid key exchange is first where the OpenSSL that nginx runs with has it (3.5): elsewhere nginx would not start.
set -eu
[ "$TLS" = on ] || exit 0
nginx -t -q 2>/dev/null || sed -i 's/X25519MLKEM768://' /etc/nginx/conf.d/servers-tls-on.inc
