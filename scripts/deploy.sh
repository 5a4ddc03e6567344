#!/usr/bin/env bash
# Usage: HOST=root@server [SERVER_NAME=pdf.example.org] [RELEASE=pdf-tools-VERSION.tar] scripts/deploy.sh
# Copies a release to a server over ssh and installs it there, or updates the running stack. Without RELEASE it is built from
# this folder. The first installation needs SERVER_NAME. The user is root, or has a sudo that needs no password.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

: "${HOST:?which server? HOST=root@server}"
release=${RELEASE:-$(scripts/release.sh)}
name=$(basename "$release" .tar)
[ -f "$release" ] || die "there is no $release"
[[ ${SERVER_NAME:-} =~ ^[A-Za-z0-9.-]*$ ]] || die "'$SERVER_NAME' is not a host name"
if [ -f "$release.sha256" ]; then
  sum=$(cut -d ' ' -f 1 "$release.sha256")
  [ "$sum" = "$(sha256sum "$release" | cut -d ' ' -f 1)" ] || die "$release is damaged: its checksum is not the one in $release.sha256"
fi
# SSH_OPTIONS: more words for ssh, such as a port or a key.
read -r -a options <<<"${SSH_OPTIONS:-}"
# shellcheck disable=SC2029 # the names are put in here
on_server() { ssh "${options[@]}" "$HOST" "$@"; }

# A folder whose name cannot be predicted and which is closed to others: another user of the server can neither prepare it
# nor change what is in it before root runs it.
folder=$(on_server 'umask 077 && mktemp -d /var/tmp/pdf-tools.XXXXXXXXXX')
[[ $folder =~ ^/var/tmp/pdf-tools\.[A-Za-z0-9]{10}$ ]] || die "$HOST did not make a folder for the release, but answered '$folder'"
trap 'on_server "rm -rf $folder"' EXIT

say "copying $name to $HOST"
# Files belong to the user who unpacks them, not to the number that the builder has: which may belong to another user there.
on_server "umask 077 && tar --no-same-owner --no-same-permissions --strip-components 1 -C $folder -xf -" <"$release"
on_server "sh -s $folder" <scripts/check-release.sh
# shellcheck disable=SC2016 # for the shell on the server
on_server "sh -eu -s $folder ${SERVER_NAME:-}" <<'REMOTE'
root=; [ "$(id -u)" = 0 ] || root="sudo -n"
if [ -e /opt/pdf-tools/current ]; then $root "$1/scripts/update.sh" </dev/null
else $root env SERVER_NAME="${2:-}" "$1/scripts/install-server.sh" </dev/null; fi
REMOTE
