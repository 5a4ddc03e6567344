# shellcheck shell=bash
# Sourced after lib.sh: which clone the stack of this Compose project belongs to. All clones have the same project name, and
# one must not touch the containers and volumes of another.
: "${run_dir:?}" "${root:?}"
project=${COMPOSE_PROJECT_NAME:-pdf-tools}
# An empty volume whose label names the clone that made the volumes. Containers, which have such a label, may be gone.
owner_volume=${project}_owner

# Prints the folders that this project was started from.
folders_of_project() {
  docker ps --all --filter "label=com.docker.compose.project=$project" \
    --format '{{.Label "com.docker.compose.project.working_dir"}}'
  if has_volume "${project}_data"; then
    docker volume inspect --format '{{index .Labels "pdf-tools.folder"}}' "$owner_volume" 2>/dev/null || folder_before_labels
  fi
}

has_volume() { docker volume inspect "$1" >/dev/null 2>&1; }
# Volumes of an older version have no owner. The clone that made them has this log.
folder_before_labels() { if [ -e "$run_dir/up.log" ]; then pwd -P; else echo "an unknown folder"; fi; }

# Prints the folder of another clone that this project belongs to, or nothing.
other_folder() {
  local folder
  while read -r folder; do
    if [ "$(cd "$folder" 2>/dev/null && pwd -P)" != "$(pwd -P)" ]; then
      echo "$folder"
      return
    fi
  done < <(folders_of_project)
}

# Records that the volumes belong to this clone. The label of Compose makes `make clean` remove the record with the rest.
record_owner() {
  docker volume rm "$owner_volume" >/dev/null 2>&1 || true
  docker volume create --label "pdf-tools.folder=$(pwd -P)" --label "com.docker.compose.project=$project" "$owner_volume" >/dev/null
}

# Ends the script if the stack of this project belongs to another clone.
refuse_stack_of_another_clone() {
  local folder
  folder=$(other_folder)
  [ -n "$folder" ] || return 0
  say "To run a second stack beside it, write these lines to .env, with a name and a port that are free:"
  say "  COMPOSE_PROJECT_NAME=$project-2"
  say "  HTTP_PORT=$((${HTTP_PORT:-8080} + 1))"
  say "To take over the stack and its data: ADOPT=1 $(target up)"
  die "the stack \"$project\" belongs to $folder. Nothing was started."
}
