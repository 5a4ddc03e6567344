# shellcheck shell=bash
# Sourced after lib.sh by the scripts that test real containers. Each script sets its own project name and port. The stack is
# removed with its volumes before and after the tests.
#   start_stack                         builds and starts the stack; uses up_options and ready_check
#   run_tests PROJECT [OPTION...]       runs a Jest project against it, and keeps the containers' logs if a test fails
# All projects have the same image layers, so that only the first build takes long.

# The developer's .env has no effect on the tests.
# shellcheck disable=SC2154 # lib.sh sets run_dir
export COMPOSE_DISABLE_ENV_FILE=1 COMPOSE_FILE=docker-compose.yml HTTP_BIND=127.0.0.1 RATE_LIMIT=on API_REPLICAS=1 \
  ALLOWED_ORIGINS=https://app.example.org SECRETS_DIR=$run_dir/test-secrets
up_options=() ready_check=(wait_ready 180)

engine_answers || die "no Docker engine with Compose v2 answers. Start Docker, then try again"
scripts/build.sh
# shellcheck source=scripts/version.sh
. scripts/version.sh

take_down() {
  # A container that a test left paused does not stop.
  docker compose unpause >/dev/null 2>&1 || true
  docker compose down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1 || true
}

start_stack() {
  local log=$run_dir/$COMPOSE_PROJECT_NAME.log
  scripts/secrets.sh
  take_down
  trap take_down EXIT
  docker compose build --quiet
  docker compose up --detach --wait --wait-timeout 300 "${up_options[@]}" >"$log" 2>&1 && "${ready_check[@]}" && return
  tail -n 5 "$log" >&2
  docker compose logs --tail 20 >&2
  die "the stack did not become ready. The lines above show the reason"
}

run_tests() {
  local project=$1 status=0
  shift
  STACK_URL=$(base_url) STACK_PROJECT=$COMPOSE_PROJECT_NAME \
    node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects "$project" --runInBand \
    ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/$project.json"} "$@" || status=$?
  [ $status = 0 ] || docker compose logs --no-color --timestamps >"$run_dir/test-$project.log" 2>&1
  return $status
}
