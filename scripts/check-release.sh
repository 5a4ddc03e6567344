#!/bin/sh
# Usage: scripts/check-release.sh FOLDER
# Fails unless an unpacked release holds exactly the files of its SHA256SUMS, unchanged. Nothing in the folder is run before
# this. deploy.sh sends this script to the server, so it needs a POSIX shell only.
set -eu
export LC_ALL=C
cd "$1"
[ -f SHA256SUMS ] || { echo "error: this is no release: it has no SHA256SUMS" >&2; exit 1; }
# Also links and devices, which a checksum does not cover.
found=$(find . ! -type d ! -path ./SHA256SUMS | sort)
listed=$(sed 's/^[0-9a-f]* [ *]//' SHA256SUMS | sort)
[ "$found" = "$listed" ] || { echo "error: the release is damaged: its files are not those of SHA256SUMS" >&2; exit 1; }
sha256sum --check --quiet SHA256SUMS >&2 || { echo "error: the release is damaged: copy it again" >&2; exit 1; }
