#!/bin/sh
# At boot all services start at once, and nginx would skip an api that is not ready for 10 s (templates/40-upstream.conf.template).
# So nginx waits until every api listens, for at most 15 s. Then it answers 502 for an api that is down.
set -eu
all_listen() {
  addresses=$(getent ahostsv4 "$API_HOST" | cut -d ' ' -f 1 | sort -u)
  [ -n "$addresses" ] || return 1
  for address in $addresses; do
    curl -s -o /dev/null --max-time 1 "http://$address:8000/livez" || return 1
  done
}
deadline=$(($(date +%s) + 15))
until all_listen; do
  [ "$(date +%s)" -lt $deadline ] || { echo "35-await-api.sh: not every api listens after 15 s, starting anyway" >&2; break; }
  sleep 0.2
done
