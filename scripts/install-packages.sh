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

say "installing ${wanted[*]}"
# Scripts that run side by side install one after the other: package managers refuse a second caller.
mkdir -p "$run_dir"
if command -v flock >/dev/null; then exec 9>"$run_dir/install-packages.lock" && flock 9; fi
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# A package must not start a service of its own beside ours.
apt_install() {
  local policy=/usr/sbin/policy-rc.d mine=no
  if [ ! -e $policy ]; then
    mine=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
  fi
  as_root apt-get update -qq >/dev/null || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 install -y -qq --no-install-recommends "$@" >/dev/null || true
  [ $mine = no ] || as_root rm -f $policy
}

# Package names where they differ from Debian's.
names=("${wanted[@]/#redis-server/redis}")
names=("${names[@]/#lua-check/luacheck}")
if command -v apt-get >/dev/null; then apt_install "${wanted[@]}"
elif command -v dnf >/dev/null; then as_root dnf install -y -q "${names[@]/#shellcheck/ShellCheck}" >/dev/null || true
elif command -v apk >/dev/null; then as_root apk add -q "${names[@]}" || true
elif command -v brew >/dev/null; then brew install -q "${names[@]/#poppler-utils/poppler}" || true
fi

for pair in "$@"; do
  command -v "${pair%%=*}" >/dev/null || die "${pair%%=*} is missing and could not be installed: install ${pair#*=} and try again"
done
