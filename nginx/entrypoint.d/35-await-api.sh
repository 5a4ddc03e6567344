#!/bin/sh
# At a boot all start at once, and an api that refuses because it is not ready yet would be left alone for 10 s
# (templates/40-upstream.conf.template). So nginx starts when each that Docker names listens, after 15 s in any case: an api
# that is down then is told with 502.
set -eu
all_listen() {
  addresses=$(getent ahostsv4 api | cut -d ' ' -f 1 | sort -u)
  [ -n "$addresses" ] || return 1
  for address in $addresses; do
    curl -s -o /dev/null --max-time 1 "http://$address:8000/livez" || return 1
  done
}
deadline=$(($(date +%s) + 15))
until all_listen; do
  [ "$(date +%s)" -lt $deadline ] || { echo "35-await-api.sh: not every api listens; starting without it" >&2; break; }
  sleep 0.2
done
