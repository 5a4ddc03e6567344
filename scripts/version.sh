# shellcheck shell=bash
# Sourced: version and revision of the images.
BUILD_VERSION=${BUILD_VERSION:-$(sed -nE 's/^  "version": "([^"]+)",?$/\1/p' package.json)}
BUILD_REVISION=${BUILD_REVISION:-$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)}
export BUILD_VERSION BUILD_REVISION
