#!/usr/bin/env bash
# Usage: [NEEDED_FOR="make test"] [YES=1] scripts/install-packages.sh COMMAND=PACKAGE...
# Obtains the programs of COMMAND that are missing. PACKAGE is the Debian name. python3:MODULE stands for a module of the
# system's Python.
# Ordinary user: downloads Debian packages into .run/programs, or uses Homebrew. Neither needs root.
# Root: asks on a terminal; without a terminal (CI) it installs with the package manager of the system.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

is_there() {
  case $1 in
    python3:*) /usr/bin/python3 -c "import ${1#python3:}" ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

find_missing() {
  local pair
  missing=() wanted=()
  for pair in "$@"; do
    if ! is_there "${pair%%=*}"; then missing+=("${pair%%=*}") && wanted+=("${pair#*=}"); fi
  done
}
find_missing "$@"
[ ${#missing[@]} -gt 0 ] || exit 0

# Scripts that run side by side install one after the other. The other one may have installed the same package.
log=$run_dir/install-packages.log
mkdir -p "$run_dir"
if command -v flock >/dev/null; then
  exec 9>"$run_dir/install-packages.lock" && flock 9
  find_missing "$@"
  [ ${#missing[@]} -gt 0 ] || exit 0
fi
needs="${NEEDED_FOR:-this command} needs ${missing[*]}"

# Package names of other systems differ from Debian's.
others=("${wanted[@]/#redis-server/redis}")
others=("${others[@]/#lua-check/luacheck}")
if command -v apt-get >/dev/null; then manager=apt-get install=(apt-get install "${wanted[@]}")
elif command -v dnf >/dev/null; then manager=dnf install=(dnf install "${others[@]/#shellcheck/ShellCheck}")
elif command -v apk >/dev/null; then manager=apk install=(apk add "${others[@]}")
elif command -v brew >/dev/null; then manager=brew install=(brew install "${others[@]/#poppler-utils/poppler}")
else manager='' install=()
fi

# apt-get waits for the lock of dpkg (DPkg::Lock::Timeout), but not for the lock of its package lists.
update_lists() {
  local deadline=$((SECONDS + 60)) announced=
  until LC_ALL=C apt-get "$@" update -qq >>"$log" 2>&1; do
    if ! tail -n 5 "$log" | grep -q 'Could not get lock' || [ $SECONDS -ge $deadline ]; then return 1; fi
    [ -n "$announced" ] || say "waiting up to 60 s for another package manager to finish"
    announced=yes
    sleep 2
  done
}

# A package must not start a service of its own beside ours.
apt_install() {
  local policy=/usr/sbin/policy-rc.d mine=no status=0
  if [ ! -e $policy ]; then
    mine=yes
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
  fi
  update_lists || say "apt-get update failed, so the existing package lists are used"
  LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 install -y -qq --no-install-recommends \
    "${wanted[@]}" >>"$log" 2>&1 || status=$?
  [ $mine = no ] || rm -f $policy
  return $status
}

install_as_root() {
  case $manager in
    apt-get) apt_install ;;
    apk) apk add --wait 60 "${install[@]:2}" >>"$log" 2>&1 ;;
    *) "${install[0]}" install -y "${install[@]:2}" >>"$log" 2>&1 ;;
  esac
}

# Downloads the packages and their missing dependencies with package lists of our own, and unpacks them.
download_without_root() {
  local folder=$run_dir/programs apt options file packages=()
  apt=$folder/apt
  options=(-o "Dir::State=$apt/state" -o "Dir::Cache=$apt/cache")
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$folder/bin" "$folder/root"
  update_lists "${options[@]}" || return 1
  while read -r file; do packages+=("$file"); done < <(
    LC_ALL=C apt-get "${options[@]}" --simulate install --no-install-recommends "${wanted[@]}" 2>>"$log" |
      sed -n 's/^Inst \([^ ]*\) .*/\1/p'
  )
  [ ${#packages[@]} -gt 0 ] || return 1
  say "  packages: ${packages[*]}"
  (cd "$apt/cache/archives" && LC_ALL=C apt-get "${options[@]}" download "${packages[@]}") >>"$log" 2>&1 || return 1
  for file in "$apt"/cache/archives/*.deb; do dpkg -x "$file" "$folder/root" 2>>"$log" || return 1; done
  rm -rf "$apt"
  write_launchers "$folder"
}

# A launcher runs its program with the libraries that were unpacked beside it.
write_launchers() {
  local program name
  for program in "$1"/root/usr/bin/* "$1"/root/usr/sbin/* "$1"/root/bin/*; do
    if [ ! -x "$program" ] || [ -d "$program" ]; then continue; fi
    name=${program##*/}
    cat >"$1/bin/$name" <<LAUNCHER
#!/bin/sh
root=\$(cd "\$(dirname "\$0")/../root" && pwd)
for folder in "\$root"/usr/lib/*-linux-* "\$root"/lib/*-linux-* "\$root/usr/lib"; do
  [ ! -d "\$folder" ] || LD_LIBRARY_PATH=\${LD_LIBRARY_PATH:+\$LD_LIBRARY_PATH:}\$folder
done
export LD_LIBRARY_PATH
exec "\$root${program#"$1/root"}" "\$@"
LAUNCHER
    chmod 755 "$1/bin/$name"
  done
}

: >"$log"
if [ "$(id -u)" = 0 ] && [ -n "$manager" ]; then
  say "$needs. Command: ${install[*]}"
  if ! on_terminal || confirm "Run it as root?"; then install_as_root || true; fi
elif [ "$manager" = brew ]; then
  say "$needs. Command: ${install[*]}"
  "${install[@]}" >>"$log" 2>&1 || true
elif [ "$manager" = apt-get ]; then
  say "$needs. Downloading Debian packages to .run/programs. This needs no root."
  download_without_root || true
elif [ -n "$manager" ] && on_terminal && command -v sudo >/dev/null; then
  say "$needs."
  if confirm "Run it as root: sudo ${install[*]}?"; then sudo "${install[@]}" >&2 || true; fi
fi
hash -r

find_missing "$@"
[ ${#missing[@]} -gt 0 ] || exit 0

# A server that does not answer is only a warning of apt-get, and the error that follows does not name it.
problem=$(grep -aoE '(Could not|Unable to) (connect|resolve).*|Temporary failure resolving.*' "$log" | head -n 1) || true
[ -n "$problem" ] || problem=$(grep -aE '^(E:|[Ee]rror|ERROR)' "$log" | tail -n 1) || true
as_root=sudo
if [ "$(id -u)" = 0 ]; then as_root=; fi
say "error: $needs, which could not be installed${as_root:+ without root}${problem:+ ($problem)}"
docker=
case $manager in
  apt-get) docker='apt-get install docker.io docker-compose' ;;
  dnf) docker='dnf install moby-engine docker-compose' ;;
  apk) docker='apk add docker docker-cli-compose' ;;
  brew) docker='brew install --cask docker' as_root= ;;
esac
if [ -z "$manager" ]; then say "Install ${wanted[*]} and try again."
elif [[ " ${missing[*]} " == *' redis-server '* ]]; then
  say "Run one of these two commands, then try again:"
  say "  ${as_root:+$as_root }${install[*]}      # run the services as processes of this host"
  say "  ${as_root:+$as_root }$docker      # run the services in containers"
else say "Run this command, then try again: ${as_root:+$as_root }${install[*]}"; fi
exit 1
