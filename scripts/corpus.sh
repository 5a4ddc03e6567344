#!/usr/bin/env bash
# Usage: [ONLY=merge|fuzz] [CORPUS=FOLDER] [CASES=20000] [SEED=1] scripts/corpus.sh
# merge: every PDF of a folder merged with a small one, the results judged by qpdf and poppler; and the shared attacks.
# fuzz: mutated files of that folder through the same; what crashes, hangs or eats memory is kept in .run/fuzz.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-packages.sh qpdf=qpdf pdftoppm=poppler-utils
scripts/build.sh
corpus=${CORPUS:-../shared/corpus/pdf}
if [ ! -d "$corpus" ]; then
  say "NO CORPUS at $corpus (CORPUS=FOLDER names one)"
  corpus=
fi
HOSTILE_CORPUS=$(scripts/build-attacks.sh)
export HOSTILE_CORPUS
status=0
for part in ${ONLY:-merge}; do
  case $part in
    merge) node test/dist/corpus/merge.js "$corpus" "$run_dir/corpus" || status=1 ;;
    fuzz) node test/dist/corpus/fuzz.js "$corpus" "$run_dir/fuzz" "${CASES:-20000}" "${SEED:-1}" || status=1 ;;
    *) die "ONLY is merge or fuzz, not '$part'" ;;
  esac
done
exit $status
