#!/usr/bin/env bash
# Usage: [YES=1] scripts/clean.sh
# Removes everything that this clone made: containers, volumes, networks, images, .run and compiled code.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
# shellcheck source=scripts/stack-lib.sh
. scripts/stack-lib.sh
confirm 'Remove containers, volumes (all jobs and files), .run, dist and node_modules?' || die "nothing was removed"

# By label, so that the volumes and networks of monitoring and production go too, whichever Compose files are set now.
remove_stack() {
  local filter=(--filter "label=com.docker.compose.project=$project")
  docker ps --all --quiet "${filter[@]}" | each docker rm --force --volumes
  docker volume ls --quiet "${filter[@]}" | each docker volume rm
  docker network ls --quiet "${filter[@]}" | each docker network rm
  # By name if it has one, because another clone may have a name for the same image.
  docker image ls "${filter[@]}" --format '{{if eq .Repository "<none>"}}{{.ID}}{{else}}{{.Repository}}:{{.Tag}}{{end}}' |
    each docker image rm --force
}
each() {
  local id
  while read -r id; do "$@" "$id" >/dev/null; done
}

folder=
if engine_answers; then folder=$(other_folder); fi
if [ -n "$folder" ]; then
  say "The containers and volumes of \"$project\" stay, because they belong to $folder."
  PDF_TOOLS_MODE=host scripts/down.sh
else
  scripts/down.sh
  if engine_answers; then remove_stack; fi
fi
rm -rf .run node_modules services/*/dist services/*/bundle services/*/node_modules test/dist test/node_modules test/harness/dist
