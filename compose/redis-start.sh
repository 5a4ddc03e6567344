#!/bin/sh
# Usage: redis-start.sh REDIS_CONF SECRETS_DIR STATE_DIR [redis-server options...]
# Starts Redis with an ACL made from the secret files: no password in the environment, a command line or an image.
#   default   the services: everything but what administers or inspects the server (INFO stays: clients ask it)
#   health    PING alone, for the health check
#   operator  everything, for `make redis`
set -eu
conf=$1 secrets=$2 state=$3
shift 3

hash_of() {
  [ -s "$secrets/$1" ] || { echo "redis-start: the secret $1 is missing or empty" >&2; exit 1; }
  tr -d '\n' <"$secrets/$1" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d ' ' -f 1
}

application=$(hash_of redis_password)
operator=$(hash_of redis_operator_password)
umask 077
cat >"$state/users.acl" <<EOF
user default reset on #$application ~* &* +@all -@dangerous +info
user health reset on #$application -@all +ping
user operator reset on #$operator ~* &* +@all
EOF

# 40 % of the container's memory: rewriting the append-only file forks, and a fork may double what is in use.
limit=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null | head -n 1)
case "$limit" in
  '' | max | ???????????????*) maxmemory=256mb ;;
  *) maxmemory=$((limit * 2 / 5)) ;;
esac

exec "${REDIS_SERVER:-redis-server}" "$conf" --aclfile "$state/users.acl" --maxmemory "$maxmemory" "$@"
