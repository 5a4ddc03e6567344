#!/bin/sh
# Usage: sh redis-repair.sh check|fix DIR          (scripts/redis-repair.sh runs it beside Redis's files)
# check: reports the damage of the append-only file in DIR. Exit status 0: no damage, 1: it can be cut off, 2: no repair is possible.
# fix: copies the files to DIR/damaged-TIME, then removes everything from the first damaged command to the end.
set -eu
export LC_ALL=C
folder=$2/appendonlydir
manifest=$folder/appendonly.aof.manifest
check=$(command -v redis-check-aof || command -v valkey-check-aof) || { echo "redis-check-aof is missing. Install redis-tools, then try again"; exit 2; }
[ -f "$manifest" ] || { echo "There is no append-only file in $2."; exit 2; }

incremental() { sed -n 's/^file \([^ ]*\) .*type i.*/\1/p' "$manifest"; }
size_of() { wc -c <"$folder/$1" | tr -d ' '; }
findings=$("$check" "$manifest" 2>&1 | tr -d '\000')
is_valid() { case "$findings" in *'All AOF files and manifest are valid'*) ;; *) return 1 ;; esac; }

# The damaged file, its size, and the bytes before the damage. The base is a snapshot with one checksum, so it cannot be cut.
damage=$(echo "$findings" | sed -n 's/^AOF analyzed: filename=\(.*\), size=\([0-9]*\), ok_up_to=\([0-9]*\),.* diff=[1-9][0-9]*$/\1 \2 \3/p')
read -r file size good <<EOF
$damage
EOF

if is_valid; then
  echo "The append-only file is well-formed: $(incremental | wc -l | tr -d ' ') incremental file(s), nothing to cut off."
  exit 0
fi
if [ -z "$file" ] || ! incremental | grep -qxF "$file"; then
  echo "The base of the append-only file or its manifest is damaged ($(echo "$findings" | tail -n 1)). Restore a backup: make restore"
  exit 2
fi

# Later files continue the damaged one, so they are removed too.
later=$(incremental | awk -v file="$file" 'found { print } $0 == file { found = 1 }')
cut=$((size - good))
for each in $later; do cut=$((cut + $(size_of "$each"))); done

if [ "$1" = check ]; then
  echo "$file is damaged after byte $good of $size: $cut bytes have to be cut off${later:+, including all later files}."
  exit 1
fi

kept=$2/damaged-$(date -u +%Y%m%dT%H%M%SZ)
cp -pR "$folder" "$kept" || { rm -rf "$kept"; echo "The damaged files could not be copied to $kept, so nothing was changed."; exit 2; }
if [ -n "$later" ]; then
  awk -v file="$file" '{ print } $2 == file { exit }' "$kept/appendonly.aof.manifest" >"$manifest"
  for each in $later; do rm "$folder/$each"; done
fi
if ! outcome=$(echo y | "$check" --fix "$manifest" 2>&1 | tr -d '\000') || ! "$check" "$manifest" >/dev/null 2>&1; then
  echo "redis-check-aof could not repair $file ($(echo "$outcome" | tail -n 1)). The original files are in $kept. Restore a backup: make restore"
  exit 2
fi
echo "$cut bytes were cut off $file after byte $good. The original files are in $kept"
