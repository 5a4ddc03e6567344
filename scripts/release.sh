#!/usr/bin/env bash
# Usage: [VERSION=1.2.0] scripts/release.sh
# Writes .run/release/pdf-tools-VERSION.tar: images, compose files, scripts and checksums, all that a server needs; prints its
# path. Without VERSION it is that of package.json with the revision behind it. The images are in no registry.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

engine_answers || die "no Docker engine with Compose v2 answers"
# shellcheck source=scripts/version.sh
. scripts/version.sh
version=${VERSION:-$BUILD_VERSION-$BUILD_REVISION}
[[ $version =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]] || die "'$version' cannot be a version: letters, digits, dots and dashes"
name=pdf-tools-$version
folder=$run_dir/release/$name
rm -rf "$folder" && mkdir -p "$folder/images"

say "building the images of $version"
export COMPOSE_PROJECT_NAME=pdf-tools COMPOSE_DISABLE_ENV_FILE=1 BUILD_VERSION=$version
docker compose --file docker-compose.yml build --quiet "${host_services[@]}" >&2
# nginx holds the ports, so it is replaced only if it has changed. Its image is therefore named after its content. Its label
# covers only nginx/, because it also has the page.
sum=$(cd nginx && find . -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c 1-12)
docker build --quiet --tag pdf-tools-nginx:release --build-arg BUILD_VERSION="$sum" --build-arg BUILD_REVISION="$sum" \
  --file nginx/Dockerfile . >/dev/null
nginx=pdf-tools-nginx:$(docker image inspect --format '{{slice .Id 7 19}}' pdf-tools-nginx:release)
docker tag pdf-tools-nginx:release "$nginx"

cp -R compose scripts docker-compose.yml docker-compose.prod.yml Makefile package.json .env.example README.md CHANGELOG.md LICENSE "$folder"
echo "$version" >"$folder/VERSION"
config_of() { cat "$@" | sha256sum | cut -c 1-12; }
cat >"$folder/compose/release.yml" <<YAML
# Written by make release, with the images of this version and the configuration that is stored in files.
services:
  nginx: { image: '$nginx', build: !reset null, pull_policy: never }
$(for service in "${host_services[@]}"; do echo "  $service: { image: 'pdf-tools-$service:$version', build: !reset null, pull_policy: never }"; done)
  redis: { pull_policy: never, labels: { pdf-tools.config: '$(config_of compose/redis.conf compose/redis-users.acl compose/redis-start.sh)' } }
  certbot: { pull_policy: never, labels: { pdf-tools.config: '$(config_of compose/certbot.sh)' } }
YAML

# A file for each group that changes on its own: what a server has already is not loaded again.
image_of() { sed -nE "s|^    image: ($1:[^ ]+)$|\1|p" docker-compose.yml docker-compose.prod.yml; }
save() {
  local file=$1
  shift
  say "saving $*"
  docker image inspect "$1" >/dev/null 2>&1 || docker pull --quiet "$1" >&2
  docker save "$@" | gzip -1 >"$folder/images/$file.tar.gz"
  for image in "$@"; do echo "$file $image $(docker image inspect --format '{{.Id}}' "$image")"; done >>"$folder/images/list"
}
images=("${host_services[@]/#/pdf-tools-}")
save services "${images[@]/%/:$version}"
save nginx "$nginx"
save redis "$(image_of redis)"
save certbot "$(image_of certbot/certbot)"

sums=$(cd "$folder" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
echo "$sums" >"$folder/SHA256SUMS"
# Root's, also for a server where it is unpacked by hand.
owner=(--owner=0 --group=0 --numeric-owner)
case "$(tar --version)" in *GNU*) ;; *) owner=(--uid 0 --gid 0) ;; esac
COPYFILE_DISABLE=1 tar "${owner[@]}" -C "$run_dir/release" -cf "$folder.tar" "$name"
rm -rf "$folder"
(cd "$run_dir/release" && sha256sum "$name.tar" >"$name.tar.sha256")
echo "$folder.tar"
