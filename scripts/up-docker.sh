#!/usr/bin/env bash
# Usage: [ADOPT=1] scripts/up-docker.sh        (called by up.sh)
# Builds the images and starts the containers with Docker Compose. ADOPT=1 takes over the stack of another clone.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/stack-lib.sh
. scripts/stack-lib.sh
# shellcheck source=scripts/failure-lib.sh
. scripts/failure-lib.sh

engine_answers || die "no Docker engine with Compose v2 answers. Start Docker, or run PDF_TOOLS_MODE=host $(target up)"
# shellcheck source=scripts/version.sh
. scripts/version.sh
if scripts/host-running.sh; then die "the stack already runs on this host without Docker. Run $(target down) first"; fi
if [ "${ADOPT:-}" != 1 ]; then refuse_stack_of_another_clone; fi

scripts/secrets.sh
say "Building the images. The first build takes a few minutes."
build_images || explain_failure "$run_dir/build.log" "the images could not be built"
say "Starting the containers."
record_owner
if ! docker compose up --detach --wait --wait-timeout 180 --remove-orphans >"$run_dir/up.log" 2>&1; then
  tail -n 5 "$run_dir/up.log" >&2
  explain_failure "$run_dir/up.log" "the containers did not start"
fi
wait_ready 60 || explain_failure "$run_dir/up.log" "the stack is not ready"
