# shellcheck shell=bash
# Sourced after server-lib.sh by backup.sh and restore.sh.
umask 077
work=

# Makes a folder for the unencrypted contents. Only root reads it. It is on the disk of the backups and is removed at the end.
open_work() {
  work=$(mktemp -d "${backups:?}/.work.XXXXXX")
  mkdir "$work/content" "$work/gnupg"
}
close_work() {
  gpgconf --homedir "$work/gnupg" --kill all 2>/dev/null || true
  rm -rf "$work"
}

# AES-256 with a key derived from the passphrase, authenticated: a changed backup does not open.
gpg_with() { gpg --homedir "$work/gnupg" --batch --quiet --no-options --pinentry-mode loopback --passphrase-file "$@"; }
encrypt() { gpg_with "$1" --symmetric --cipher-algo AES256 --s2k-digest-algo SHA512 --s2k-count 65011712; }
decrypt() { gpg_with "$1" --decrypt; }

volume() { docker volume inspect --format '{{.Mountpoint}}' "pdf-tools_$1"; }
