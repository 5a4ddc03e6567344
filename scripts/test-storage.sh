#!/usr/bin/env bash
# Usage: [STORAGE_PROJECT=pdf-tools-storage] [STORAGE_PORT=18190] [JEST_REPORTS=FOLDER] scripts/test-storage.sh [JEST OPTION...]
# Tests the services with files in an object storage (test/storage), which is a Ceph gateway in a container. The tests of the
# same contract on the volume are part of `make test`.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

container=${STORAGE_PROJECT:-pdf-tools-storage}-rgw port=${STORAGE_PORT:-18190}
if ! docker info >/dev/null 2>&1; then
  say "skipped: the tests of the object storage need Docker"
  exit 0
fi
scripts/install-packages.sh redis-server=redis-server qpdf=qpdf
scripts/build.sh
say "starting an object storage"
docker build --quiet --tag "$container" test/storage/rgw >/dev/null
docker rm --force "$container" >/dev/null 2>&1 || true
trap 'docker rm --force "$container" >/dev/null 2>&1 || true' EXIT
docker run --detach --name "$container" --publish "127.0.0.1:$port:7480" --memory 2g "$container" >/dev/null
ready=
for _ in $(seq 120); do
  if curl --silent --max-time 2 "http://127.0.0.1:$port" | grep -q ListAllMyBucketsResult; then
    ready=1
    break
  fi
  sleep 1
done
[ -n "$ready" ] || die "the object storage does not answer after 120 s"
S3_TEST_ENDPOINT=http://127.0.0.1:$port node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js \
  --selectProjects storage --runInBand ${JEST_REPORTS:+--json "--outputFile=$JEST_REPORTS/storage.json"} "$@" || {
  docker logs --tail 20 "$container" >&2
  exit 1
}
