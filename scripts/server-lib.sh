# shellcheck shell=bash
# Sourced after lib.sh by the scripts that run on a server. Each release has its own folder. The links `current` and `previous`
# point to two of them. The settings of the server are in /etc/pdf-tools.
base=/opt/pdf-tools etc=/etc/pdf-tools
# shellcheck disable=SC2034 # the scripts that source this file use it
backups=/var/backups/pdf-tools
: "${dry:=}"

require_root() { [ "$(id -u)" = 0 ] || die "this needs root. Run it as root or with sudo: sudo $0"; }

# run SENTENCE COMMAND...: every change of the machine goes through this. --dry-run prints the sentence only.
run() {
  local sentence=$1
  shift
  if [ -n "$dry" ]; then say "  - $sentence"; else "$@"; fi
}
# put SOURCE DESTINATION: copies a file of the release to where another program reads it.
put() { run "copy $1 to $2" install -D -m 0644 "$1" "$2"; }

# Compose treats another path as another configuration, so the path always goes through the link.
enter_current() { cd "$base/current" 2>/dev/null || die "PDF Tools is not installed here. Run scripts/install-server.sh of a release first"; }

# Copies this folder to the other releases and loads its images into Docker. Skips what is already there.
place_release() {
  local version target file image id
  if [ ! -f VERSION ]; then
    [ -n "$dry" ] || die "this folder is not a release. Unpack the file that make release wrote, and run the script in it"
    say "  - copy the release to $base/releases/VERSION and load its images (this folder is a clone, make release writes a release)"
    return
  fi
  version=$(cat VERSION) target=$base/releases/$version
  say "release $version"
  if [ "$(pwd -P)" != "$target" ]; then
    sha256sum --check --quiet SHA256SUMS || die "the release is damaged. Copy it again"
    while read -r file image id; do
      [ "$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null)" != "$id" ] || continue
      [ -n "$dry" ] || say "loading $image"
      run "load the image $image" docker load --quiet --input "images/$file.tar.gz" >/dev/null
    done <images/list
    run "copy the release to $target" copy_release "$target"
  fi
}

copy_release() {
  rm -rf "$1.new"
  install -d "$1.new"
  cp -R .env.example ./[!i]* "$1.new"
  rm -rf "$1"
  mv "$1.new" "$1"
  chown -R root:root "$1"
  chmod -R u=rwX,go=rX "$1"
  ln -sfn $etc/.env "$1/.env"
}

# switch_to RELEASE: moves the link in one step, so that a power cut leaves one release or the other.
switch_to() { run "point $base/current to the release $1" move_link "releases/$1"; }
move_link() { ln -sfn "$1" "$base/current.new" && mv -T "$base/current.new" "$base/current"; }
# release_of LINK: prints the name of the release, or nothing.
release_of() { basename "$(readlink "$base/$1" 2>/dev/null || true)"; }

# Copies the files that live outside the release's folder.
place_units() {
  local unit
  for unit in compose/systemd/*; do put "$unit" "/etc/systemd/system/$(basename "$unit")"; done
  put compose/server/fail2ban-filter.conf /etc/fail2ban/filter.d/pdf-tools.conf
  put compose/server/fail2ban-jail.conf /etc/fail2ban/jail.d/pdf-tools.conf
  run "reload the units of systemd" systemctl daemon-reload
}

# The configuration that a container was made of. It is stored, because what Compose compares depends on how it was called.
made_of() { docker compose config --hash "$1"; }
remember() { mkdir -p "$base/state" && made_of "$1" >"$base/state/$1"; }
