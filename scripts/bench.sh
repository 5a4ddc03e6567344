#!/usr/bin/env bash
# Usage: [ONLY=overhead|fairness|memory|storage|small|merge|compress|bilevel|image|page] scripts/bench.sh
# Runs overhead and fairness, or the benchmarks named in ONLY. memory runs 10,000 jobs. Use an idle machine.
# small: counts and times small requests [TREES="FOLDER FOLDER"] [CASES=image-to-pdf-small,job-roundtrip] [CLIENTS=8]
#   [ROUND_SECONDS=4] [ROUNDS=5] [IMAGE=FILE]. TREES are compiled versions, whose rounds are interleaved.
# storage: compares a merge with files in the object storage S3_TEST_ENDPOINT=URL with one on the volume.
# merge: compares with qpdf, PyPDF2 and pdf-lib, also on the files of CORPUS=FOLDER [CASES=small,mixed,500,scans]; with
#   PRED=URL OURS=URL it compares the predecessor with PDF Tools over HTTP.
# compress: compares with Ghostscript if `gs` is installed, and with the predecessor's tool in PREDECESSOR=FOLDER, on
#   generated photos and scans, and prints SSIM [SETS=photos,scans,gray,bilevel or none] [ROUNDS=3] [PARAMS=JSON]; then
#   with Ghostscript on CORPUS=FOLDER, and checks the results [FILES=LIST] [LIMIT=40 or 0] [ROUNDS=3] [PAGES=30].
# bilevel: compares the JBIG2 and CCITT encoders with libtiff's and, if `jbig2` is installed, with jbig2enc, on
#   CORPUS=FOLDER [FILES=LIST] [LIMIT=60] [ROUNDS=3].
# image: compares image-to-pdf with img2pdf, Pillow and, for AVIF, sharp, on drawn images [CASES=jpg-12mp,png-rgba].
# page: measures when the page can be used, on a processor that is four times slower [ROUNDS=5].
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Prints the path of a Python with PyPDF2 2.12.1, the version of the predecessor, and Pillow. Takes them from PyPI or
# from Debian.
python_with_pypdf2() {
  local venv=$run_dir/bench-venv
  has_it() { "$venv/bin/python" -c 'import PyPDF2, sys; sys.exit(PyPDF2.__version__ != "2.12.1")' 2>/dev/null; }
  if ! has_it; then
    rm -rf "$venv"
    if python3 -m venv "$venv"; then "$venv/bin/pip" install -q --retries 0 PyPDF2==2.12.1 Pillow || true; fi >/dev/null 2>&1
  fi
  if ! has_it && command -v apt-get >/dev/null; then
    rm -rf "$venv"
    [ -e /usr/lib/python3/dist-packages/PyPDF2 ] || scripts/install-packages.sh python3:PyPDF2=python3-pypdf2 python3:PIL=python3-pil >/dev/null 2>&1 || true
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

require_corpus() {
  corpus=${CORPUS:-../shared/corpus/pdf}
  [ -d "$corpus" ] || die "$corpus does not exist. Name a folder of PDF files with CORPUS=FOLDER."
}

bench_compress() {
  scripts/install-packages.sh qpdf=qpdf pdftoppm=poppler-utils mutool=mupdf-tools
  local tools=${PREDECESSOR:-../shared/predecessor}
  [ -d "$tools" ] || tools=
  if [ "${SETS:-}" != none ]; then
    PAGES='' node test/dist/bench/compress-images.js "$run_dir/bench-images" "$(python_with_pypdf2)" "$tools"
  fi
  if [ "${LIMIT:-40}" = 0 ]; then return; fi
  require_corpus
  LIMIT=${LIMIT:-40} node test/dist/bench/compress.js "$corpus" "$run_dir/corpus"
}

bench_bilevel() {
  scripts/install-packages.sh pdftoppm=poppler-utils
  require_corpus
  LIMIT=${LIMIT:-60} node test/dist/bench/bilevel.js "$corpus" "$run_dir"
}

bench_small() {
  scripts/install-packages.sh strace=strace
  local trees=()
  read -r -a trees <<<"${TREES:-}"
  node test/dist/bench/small.js "${trees[@]}"
}

bench_image() {
  scripts/install-packages.sh python3:img2pdf=python3-img2pdf python3:PIL=python3-pil
  local python=/usr/bin/python3
  "$python" -c 'import img2pdf' 2>/dev/null || python=
  node test/dist/bench/image.js "$python" "$run_dir/bench-image-data"
}

bench_page() {
  scripts/install-packages.sh chromium=chromium
  scripts/install-web-tests.sh
  node test/web/page-bench.mjs
}

scripts/install-packages.sh redis-server=redis-server
scripts/build.sh
for bench in ${ONLY:-overhead fairness}; do
  say "== $bench"
  case $bench in
    merge) bench_merge ;;
    compress) bench_compress ;;
    bilevel) bench_bilevel ;;
    image) bench_image ;;
    small) bench_small ;;
    page) bench_page ;;
    storage) node test/dist/bench/storage.js "$run_dir/bench-data" ;;
    *) node "test/dist/bench/$bench.js" ;;
  esac
done
