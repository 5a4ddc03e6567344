#!/usr/bin/env bash
# Usage: HOST=root@server [SERVER_NAME=pdf.example.org] [RELEASE=pdf-tools-VERSION.tar] scripts/deploy.sh
# Brings a release to a server over ssh (without RELEASE it is made of this folder) and installs it there, or updates what
# runs. SERVER_NAME is asked for the first time. The user is root, or one whose sudo asks nothing.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

: "${HOST:?which server? HOST=root@server}"
release=${RELEASE:-$(scripts/release.sh)}
name=$(basename "$release" .tar)
[ -f "$release" ] || die "there is no $release"
[[ ${SERVER_NAME:-} =~ ^[A-Za-z0-9.-]*$ ]] || die "'$SERVER_NAME' is no name"
# SSH_OPTIONS: more words for ssh, such as a port or a key.
read -r -a options <<<"${SSH_OPTIONS:-}"
# shellcheck disable=SC2029 # the names are put in here
on_server() { ssh "${options[@]}" "$HOST" "$@"; }

say "bringing $name to $HOST"
on_server "tar -C /var/tmp -xf -" <"$release"
# shellcheck disable=SC2016 # for the shell on the server
on_server "sh -eu -s $name ${SERVER_NAME:-}" <<'REMOTE'
folder=/var/tmp/$1
trap 'rm -rf "$folder"' EXIT
root=; [ "$(id -u)" = 0 ] || root="sudo -n"
if [ -e /opt/pdf-tools/current ]; then $root "$folder/scripts/update.sh" </dev/null
else $root env SERVER_NAME="${2:-}" "$folder/scripts/install-server.sh" </dev/null; fi
REMOTE
