#!/usr/bin/env bash
# Usage: scripts/test-images.sh
# Builds the images of the tests of real containers ahead of them. Every test project builds the same layers again from
# the cache, which takes seconds.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/test-lib.sh
. scripts/test-lib.sh

export COMPOSE_PROJECT_NAME=${STACK_PROJECT:-pdf-tools-test}
docker compose build --quiet
