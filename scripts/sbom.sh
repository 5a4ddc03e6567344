#!/usr/bin/env bash
# Usage: [SBOM_DIR=.run/sbom] scripts/sbom.sh
# Bills of materials in CycloneDX: npm.cdx.json with the production dependencies of all services, and, where this
# project's images are in the Docker engine, IMAGE.cdx.json with the Debian packages of each.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load_env
# shellcheck source=scripts/version.sh
. scripts/version.sh
folder=${SBOM_DIR:-$run_dir/sbom}
mkdir -p "$folder"
npm sbom --sbom-format=cyclonedx | node scripts/production-sbom.mjs >"$folder/npm.cdx.json"
say "$folder/npm.cdx.json"

if ! engine_answers; then say "no Docker engine answers: no bills of the images"; exit 0; fi
for service in nginx "${host_services[@]}"; do
  image=${COMPOSE_PROJECT_NAME:-pdf-tools}-$service:$BUILD_VERSION
  if ! docker image inspect "$image" >/dev/null 2>&1; then say "$image is not built: no bill of it"; continue; fi
  # shellcheck disable=SC2016 # dpkg-query reads these, not the shell
  docker run --rm --network none --entrypoint dpkg-query "$image" --show --showformat '${Package} ${Version} ${Architecture}\n' |
    node scripts/debian-sbom.mjs "$image" >"$folder/$service.cdx.json"
  say "$folder/$service.cdx.json"
done
