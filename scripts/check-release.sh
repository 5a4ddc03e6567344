#!/bin/sh
# Usage: scripts/check-release.sh FOLDER
# Fails unless an unpacked release has exactly the files of its SHA256SUMS, unchanged. It runs before any file of the release.
# deploy.sh sends it to the server, so it needs only a POSIX shell.
set -eu
export LC_ALL=C
cd "$1"
[ -f SHA256SUMS ] || { echo "error: this is no release: SHA256SUMS is missing" >&2; exit 1; }
# This includes links and devices, which have no checksum.
found=$(find . ! -type d ! -path ./SHA256SUMS | sort)
listed=$(sed 's/^[0-9a-f]* [ *]//' SHA256SUMS | sort)
[ "$found" = "$listed" ] || { echo "error: the release is damaged: its files are not those of SHA256SUMS. Copy it again" >&2; exit 1; }
sha256sum --check --quiet SHA256SUMS >&2 || { echo "error: the release is damaged: copy it again" >&2; exit 1; }
