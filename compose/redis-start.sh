#!/bin/sh
# Usage: redis-start.sh REDIS_CONF SECRETS_DIR STATE_DIR [redis-server options...]
# Starts Redis with the users of redis-users.acl, which is beside REDIS_CONF. Their passwords come from the secret files, so
# that none is in the environment, a command line or an image.
#   a service  its commands on its own keys; scripts run with the rights of their caller
#   health     PING only, for the health check
#   operator   every command, for `make redis`
#   exporter   INFO, for Prometheus, only if its secret exists (compose/monitoring.yml)
#   replica, sentinel   the replicas and Sentinels of this Redis, only if their secrets exist (compose/SCALING.md)
# The default user is off.
set -eu
conf=$1 secrets=$2 state=$3
shift 3

hash_of() {
  [ -s "$secrets/$1" ] || { echo "redis-start: the secret $1 is missing or empty" >&2; exit 1; }
  tr -d '\n' <"$secrets/$1" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d ' ' -f 1
}

exporter=
if [ -s "$secrets/redis_exporter_passwords" ]; then
  # The exporter reads JSON: its one password by the address.
  exporter=$(sed -n 's/.*": *"\([^"]*\)".*/\1/p' "$secrets/redis_exporter_passwords" | tr -d '\n' |
    { sha256sum 2>/dev/null || shasum -a 256; } | cut -d ' ' -f 1)
fi

acl=$(dirname "$conf")/redis-users.acl hashes=
# shellcheck disable=SC2013 # names of users hold no blanks
for user in $(sed -n 's/^user \([a-z-]*\) .*#{\1}.*/\1/p' "$acl"); do
  case $user in
    exporter) continue ;;
    replica | sentinel) [ -s "$secrets/redis_${user}_password" ] || continue ;;
  esac
  hashes="$hashes;s/{$user}/$(hash_of "redis_${user}_password")/"
done
umask 077
sed -e '/^#/d' -e "${hashes#;}" -e "${exporter:+s/{exporter\}/$exporter/}" -e '/#{[a-z]*}/d' "$acl" >"$state/users.acl"

# 40 % of the container's memory: rewriting the append-only file forks, and a fork may double what is in use.
limit=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null | head -n 1)
case "$limit" in
  '' | max | ???????????????*) maxmemory=256mb ;;
  *) maxmemory=$((limit * 2 / 5)) ;;
esac

# The folder of Redis, from its own options.
dir=. option=
for word in "$@"; do
  [ "$option" != --dir ] || dir=$word
  option=$word
done
manifest=$dir/appendonlydir/appendonly.aof.manifest

# ends_within_command FILE OFFSET: whether the bytes from OFFSET on are the start of commands (RESP arrays of bulk strings) and
# nothing else. A power cut leaves such a file, and Redis drops the unfinished command automatically.
ends_within_command() {
  tail -c "+$(($2 + 1))" "$1" | od -An -v -tu1 | awk '
    function step(byte) {
      if (state == "value") { if (--left == 0) state = "value CR" }
      else if (state == "number" && byte >= 48 && byte <= 57) { number = number * 10 + byte - 48; digits++ }
      else if (state == "number" && byte == 13 && digits > 0) state = "LF"
      else if (state == "LF" && byte == 10) {
        if (kind == 42) { values = number; state = "head" }
        else { left = number; state = left > 0 ? "value" : "value CR" }
      }
      else if (state == "value CR" && byte == 13) state = "value LF"
      else if (state == "value LF" && byte == 10) { values--; state = "head" }
      else if (state == "head" && byte == (values > 0 ? 36 : 42)) { kind = byte; number = digits = 0; state = "number" }
      else exit 1
    }
    BEGIN { state = "head" }
    { for (i = 1; i <= NF; i++) step($i + 0) }'
}

# Says in one line why Redis will not start. Redis decides: it is started in any case.
report_damage() {
  check=${REDIS_SERVER:-redis-server}
  check=${check%server}check-aof
  if [ ! -f "$manifest" ] || ! command -v "$check" >/dev/null; then return 0; fi
  findings=$("$check" "$manifest" 2>&1 | tr -d '\000')
  case "$findings" in *'All AOF files and manifest are valid'*) return 0 ;; esac
  last=$(sed -n 's/^file \([^ ]*\) .*type i.*/\1/p' "$manifest" | tail -n 1)
  damage=$(echo "$findings" | sed -n 's/^AOF analyzed: filename=\(.*\), size=\([0-9]*\), ok_up_to=\([0-9]*\),.* diff=[1-9][0-9]*$/\1 \3 \2/p')
  if [ -z "$damage" ]; then
    echo "redis-start: redis-check-aof finds the append-only file damaged ($(echo "$findings" | tail -n 1)). Run: make redis-repair" >&2
    return 0
  fi
  read -r file good size <<EOF
$damage
EOF
  if [ "$file" = "$last" ] && ends_within_command "$dir/appendonlydir/$file" "$good"; then return 0; fi
  echo "redis-start: $file is damaged after byte $good of $size, so Redis cannot start. Run: make redis-repair" >&2
}
report_damage

exec "${REDIS_SERVER:-redis-server}" "$conf" --aclfile "$state/users.acl" --maxmemory "$maxmemory" "$@"
