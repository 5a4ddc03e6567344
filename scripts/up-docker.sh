#!/usr/bin/env bash
# Usage: scripts/up-docker.sh        (called by up.sh)
# Builds the images and starts the containers with Docker Compose.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

engine_answers || die "no Docker engine with Compose v2 answers"
# shellcheck source=scripts/version.sh
. scripts/version.sh
if scripts/host-running.sh; then die "the stack already runs on this host without Docker: make down first"; fi

say "building the images (the first time takes a few minutes)"
docker compose build --quiet
say "starting the containers"
if ! docker compose up --detach --wait --wait-timeout 180 --remove-orphans >"$run_dir/up.log" 2>&1 || ! wait_ready 60; then
  tail -n 5 "$run_dir/up.log" >&2
  docker compose ps --all >&2
  docker compose logs --tail 15 >&2
  docker compose logs --no-log-prefix --tail 100 redis 2>/dev/null | explain_redis
  die "the stack did not become ready"
fi
