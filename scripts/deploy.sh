#!/usr/bin/env bash
# Usage: HOST=root@server [SERVER_NAME=pdf.example.org] [RELEASE=pdf-tools-VERSION.tar] scripts/deploy.sh
# Copies a release to a server over ssh, and installs it or updates the running stack. Without RELEASE it builds one from this
# folder. The first installation needs SERVER_NAME. The user must be root or have sudo without a password.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -n "${HOST:-}" ] || die "HOST is missing. Name the server: HOST=root@server make deploy"
release=${RELEASE:-$(scripts/release.sh)}
name=$(basename "$release" .tar)
[ -f "$release" ] || die "the release $release does not exist"
[[ ${SERVER_NAME:-} =~ ^[A-Za-z0-9.-]*$ ]] || die "SERVER_NAME must be a host name such as pdf.example.org, not '$SERVER_NAME'"
if [ -f "$release.sha256" ]; then
  sum=$(cut -d ' ' -f 1 "$release.sha256")
  [ "$sum" = "$(sha256sum "$release" | cut -d ' ' -f 1)" ] || die "$release is damaged: its checksum differs from $release.sha256. Copy or build it again"
fi
# SSH_OPTIONS holds further options of ssh, such as a port or a key.
read -r -a options <<<"${SSH_OPTIONS:-}"
# shellcheck disable=SC2029 # the names are expanded here
on_server() { ssh "${options[@]}" "$HOST" "$@"; }

# The folder has a random name and mode 0700. Another user of the server can neither prepare it nor change its files before
# root runs them.
folder=$(on_server 'umask 077 && mktemp -d /var/tmp/pdf-tools.XXXXXXXXXX')
[[ $folder =~ ^/var/tmp/pdf-tools\.[A-Za-z0-9]{10}$ ]] || die "$HOST could not make a folder in /var/tmp. It answered '$folder'"
trap 'on_server "rm -rf $folder"' EXIT

say "copying $name to $HOST"
# The files belong to the user who unpacks them. The user ID of the builder may belong to another user on the server.
on_server "umask 077 && tar --no-same-owner --no-same-permissions --strip-components 1 -C $folder -xf -" <"$release"
on_server "sh -s $folder" <scripts/check-release.sh
# shellcheck disable=SC2016 # for the shell on the server
on_server "sh -eu -s $folder ${SERVER_NAME:-}" <<'REMOTE'
root=; [ "$(id -u)" = 0 ] || root="sudo -n"
if [ -e /opt/pdf-tools/current ]; then $root "$1/scripts/update.sh" </dev/null
else $root env SERVER_NAME="${2:-}" "$1/scripts/install-server.sh" </dev/null; fi
REMOTE
