# shellcheck shell=bash
# Sourced after lib.sh: which folder the stack of this Compose project belongs to. Two clones have the same project name,
# so that one must not touch the containers and volumes of the other.
: "${run_dir:?}" "${root:?}"
project=${COMPOSE_PROJECT_NAME:-pdf-tools}
# The creation time of the project's volume, written by the clone that made it.
owned_volume=$run_dir/volumes/$project

# Prints the folders that started containers of this project, running or stopped.
folders_of_project() {
  docker ps --all --filter "label=com.docker.compose.project=$project" \
    --format '{{.Label "com.docker.compose.project.working_dir"}}' | sort -u
}

# Prints the folder of another clone that started this project, or nothing.
other_folder() {
  local folder
  folders_of_project | while read -r folder; do
    if [ "$(cd "$folder" 2>/dev/null && pwd -P)" != "$(pwd -P)" ]; then echo "$folder"; fi
  done | head -n 1
}

volume_created() { docker volume inspect --format '{{.CreatedAt}}' "${project}_data" 2>/dev/null; }

# Whether the project's volume exists, but this clone did not make it. Clones that ran before volumes were recorded have up.log.
has_unknown_volume() {
  local created
  created=$(volume_created) || return 1
  [ "$created" != "$(cat "$owned_volume" 2>/dev/null)" ] || return 1
  if [ -n "$(folders_of_project)" ]; then return 1; fi
  [ -d "$run_dir/volumes" ] || [ ! -e "$run_dir/up.log" ]
}

record_volume() { mkdir -p "$run_dir/volumes" && volume_created >"$owned_volume"; }

# Explains how a second stack runs beside the first one.
say_how_to_run_beside() {
  say "To run a second stack beside it, write these lines to .env, with a name and a port that are free:"
  say "  COMPOSE_PROJECT_NAME=$project-2"
  say "  HTTP_PORT=$((${HTTP_PORT:-8080} + 1))"
}

# Ends the script if the stack of this project belongs to another clone. $1 says what was not done.
require_own_stack() {
  local folder
  folder=$(other_folder)
  if [ -n "$folder" ]; then
    say_how_to_run_beside
    die "the stack \"$project\" belongs to $folder. $1"
  fi
  if has_unknown_volume; then
    say_how_to_run_beside
    die "the volumes of \"$project\" exist, but this clone did not make them. $1 To use them anyway: ADOPT=1 $(target up)"
  fi
}
