#!/usr/bin/env bash
# Usage: scripts/install-packages.sh COMMAND=PACKAGE...
# Installs the Debian-named package of each command that is missing, with the platform's package manager,
# as root or with a sudo that asks nothing. Fails where a command is still missing afterwards.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

wanted=()
for pair in "$@"; do command -v "${pair%%=*}" >/dev/null || wanted+=("${pair#*=}"); done
[ ${#wanted[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
say "installing ${wanted[*]}"

# A package must not start a service of its own beside ours.
apt_install() {
  local policy=/usr/sbin/policy-rc.d mine=no
  if [ ! -e $policy ]; then
    mine=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
    "${as_root[@]}" chmod 755 $policy
  fi
  "${as_root[@]}" apt-get update -qq >/dev/null || true
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null || true
  [ $mine = no ] || "${as_root[@]}" rm -f $policy
}

# The others call a few things otherwise.
renamed() { printf '%s\n' "${wanted[@]}" | sed -e 's/^redis-server$/redis/' -e "s/^poppler-utils\$/$1/"; }

if command -v apt-get >/dev/null; then apt_install
elif command -v dnf >/dev/null; then renamed poppler-utils | xargs "${as_root[@]}" dnf install -y -q >/dev/null || true
elif command -v apk >/dev/null; then renamed poppler-utils | xargs "${as_root[@]}" apk add -q || true
elif command -v brew >/dev/null; then renamed poppler | xargs brew install -q || true
fi

for pair in "$@"; do
  command -v "${pair%%=*}" >/dev/null || die "${pair%%=*} is missing and could not be installed: install ${pair#*=} and try again"
done
