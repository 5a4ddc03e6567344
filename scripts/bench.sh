#!/usr/bin/env bash
# Usage: [ONLY=overhead|fairness|memory|merge|compress] scripts/bench.sh
# Measures; memory (10,000 jobs) and merge only by name. Figures on a shared machine are worth what it was doing meanwhile.
# merge: beside qpdf, PyPDF2 and pdf-lib, on files of CORPUS=FOLDER where it is there [CASES=small,mixed,500,scans];
# with PRED=URL OURS=URL also through HTTP, the predecessor beside ours.
# compress: beside Ghostscript, if `gs` is installed, on CORPUS=FOLDER [FILES=LIST] [LIMIT=40] [ROUNDS=3] [PAGES=30]; results are judged.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Prints a Python that has the predecessor's PyPDF2, in an environment of its own: from PyPI, else Debian's package.
python_with_pypdf2() {
  local venv=$run_dir/bench-venv
  has_it() { "$venv/bin/python" -c 'import PyPDF2, sys; sys.exit(PyPDF2.__version__ != "2.12.1")' 2>/dev/null; }
  if ! has_it; then
    rm -rf "$venv"
    if python3 -m venv "$venv"; then "$venv/bin/pip" install -q --retries 0 PyPDF2==2.12.1 || true; fi >/dev/null 2>&1
  fi
  if ! has_it && command -v apt-get >/dev/null; then
    rm -rf "$venv"
    [ -e /usr/lib/python3/dist-packages/PyPDF2 ] || scripts/install-packages.sh PyPDF2=python3-pypdf2 >/dev/null 2>&1 || true
    /usr/bin/python3 -m venv --system-site-packages --without-pip "$venv" >/dev/null 2>&1 || true
  fi
  if has_it; then echo "$venv/bin/python"; fi
}

bench_merge() {
  scripts/install-packages.sh qpdf=qpdf python3=python3
  local corpus=${CORPUS:-../shared/corpus/pdf}
  [ -d "$corpus" ] || corpus=
  node test/dist/bench/merge.js "$(python_with_pypdf2)" "$run_dir/bench-data" "$corpus"
}

bench_compress() {
  scripts/install-packages.sh qpdf=qpdf pdftoppm=poppler-utils mutool=mupdf-tools
  local corpus=${CORPUS:-../shared/corpus/pdf}
  [ -d "$corpus" ] || die "no corpus at $corpus: name a folder of PDF files with CORPUS=FOLDER"
  LIMIT=${LIMIT:-40} node test/dist/bench/compress.js "$corpus" "$run_dir/corpus"
}

scripts/install-packages.sh redis-server=redis-server
scripts/build.sh
for bench in ${ONLY:-overhead fairness}; do
  say "== $bench"
  case $bench in
    merge) bench_merge ;;
    compress) bench_compress ;;
    *) node "test/dist/bench/$bench.js" ;;
  esac
done
