#!/usr/bin/env bash
# Usage: scripts/lint-openapi.sh
# Lints the OpenAPI document of this build with redocly and spectral, for which warnings are errors too, and compiles a client
# (test/openapi/client.mts) against the types that openapi-typescript makes of it. The tools have a package of their own.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/build.sh
package=test/openapi out=$run_dir/openapi
mkdir -p "$out"
if [ ! -f $package/node_modules/.package-lock.json ] || [ $package/package-lock.json -nt $package/node_modules/.package-lock.json ]; then
  with_progress "Installing the tools for OpenAPI documents." "$run_dir/npm-ci-openapi.log" \
    npm ci --prefix $package --no-audit --no-fund --ignore-scripts --loglevel=error || die "the tools could not be installed"
  touch $package/node_modules/.package-lock.json
fi
bin=$package/node_modules/.bin
node $package/write-document.mjs "$out/openapi.json"
REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true "$bin/redocly" lint --config $package/redocly.yaml "$out/openapi.json"
"$bin/spectral" lint --ruleset $package/spectral.yaml --fail-severity hint "$out/openapi.json"
"$bin/openapi-typescript" "$out/openapi.json" -o "$out/schema.ts"
"$bin/tsc" -p $package/tsconfig.json
