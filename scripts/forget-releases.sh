#!/usr/bin/env bash
# Usage: scripts/forget-releases.sh        (update.sh calls it)
# Removes the folders and images of all releases except current and previous.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/server-lib.sh
. scripts/server-lib.sh

images_of() { grep -hoE "pdf-tools-[a-z]+:[A-Za-z0-9._-]+" "$base/$1/compose/release.yml" 2>/dev/null || true; }
kept=$(images_of current; images_of previous)
docker image ls --format '{{.Repository}}:{{.Tag}}' | grep -E "^pdf-tools-($(IFS='|' && echo "${host_services[*]}")|nginx):" | while read -r image; do
  grep -qxF "$image" <<<"$kept" || docker image rm "$image" >/dev/null || true
done
for folder in "$base"/releases/*; do
  case "$(basename "$folder")" in
    "$(release_of current)" | "$(release_of previous)") ;;
    *) rm -rf "$folder" ;;
  esac
done
