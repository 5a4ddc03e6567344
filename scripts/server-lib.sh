# shellcheck shell=bash
# Sourced after lib.sh by what runs on a server. A release is a folder of its own, `current` and `previous` are links to two
# of them; what is this server's alone is in /etc/pdf-tools.
base=/opt/pdf-tools etc=/etc/pdf-tools
# shellcheck disable=SC2034 # for the scripts that source this
backups=/var/backups/pdf-tools
: "${dry:=}"

as_root() { [ "$(id -u)" = 0 ] || die "this needs root: sudo $0"; }
# What changes the machine goes through this: --dry-run shows it instead.
run() { if [ -n "$dry" ]; then say "  would run: $*"; else "$@"; fi; }
# put SOURCE DESTINATION MODE: a file of the release where another program reads it.
put() { run install -D -m "${3:-0644}" "$1" "$2"; }

# Compose by the link's name, whatever this script was called by: to Compose another path is another configuration.
enter_current() { cd "$base/current" || die "nothing is installed: scripts/install-server.sh"; }

# Puts this folder beside the other releases and its images into Docker; what is there already stays.
place_release() {
  local version target file image id
  [ -f VERSION ] || die "this is no release: unpack what make release wrote, and call its script"
  version=$(cat VERSION) target=$base/releases/$version
  say "release $version"
  if [ "$(pwd -P)" != "$target" ]; then
    sha256sum --check --quiet SHA256SUMS || die "the release is damaged"
    while read -r file image id; do
      [ "$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null)" != "$id" ] || continue
      say "loading $image"
      run docker load --quiet --input "images/$file.tar.gz" >/dev/null
    done <images/list
    run rm -rf "$target.new"
    run install -d "$target.new"
    run cp -R .env.example ./[!i]* "$target.new"
    run rm -rf "$target"
    run mv "$target.new" "$target"
    run chown -R root:root "$target"
    run chmod -R u=rwX,go=rX "$target"
    run ln -sfn $etc/.env "$target/.env"
  fi
}

# switch_to RELEASE: the link moves in one step, so that a power cut leaves one or the other.
switch_to() { run ln -sfn "releases/$1" "$base/current.new" && run mv -T "$base/current.new" "$base/current"; }
# Its name; nothing where there is none.
release_of() { basename "$(readlink "$base/$1" 2>/dev/null || true)"; }

# The files that live outside the release's folder.
place_units() {
  local unit
  for unit in compose/systemd/*; do put "$unit" "/etc/systemd/system/$(basename "$unit")"; done
  put compose/server/fail2ban-filter.conf /etc/fail2ban/filter.d/pdf-tools.conf
  put compose/server/fail2ban-jail.conf /etc/fail2ban/jail.d/pdf-tools.conf
  run systemctl daemon-reload
}

# What a container was made of, kept beside the releases: what Compose itself compares depends on how it was called.
made_of() { docker compose config --hash "$1"; }
remember() { mkdir -p "$base/state" && made_of "$1" >"$base/state/$1"; }
