#!/usr/bin/env bash
# Usage: [ONLY="merge compress table fonts image fuzz"] [CORPUS=FOLDER] scripts/corpus.sh
# merge: merges every PDF of a folder with a small one, and checks the results with qpdf, poppler and mutool. Also merges the
#   shared attack files.
# compress: compresses every PDF of a folder and checks the results in the same way [PAGES=30|all] [JOBS=2] [PARAMS=JSON]
#   [RESULTS=FOLDER: check these results instead]. Both: [FILES=LIST: one file per line, relative to CORPUS] [LIMIT=N].
# table: compresses generated images of every colour space, filter, depth, mask and placement, at the defaults and without loss,
#   and compares their pages in poppler and mutool [LIMIT=N] [JOBS=2].
# fonts: makes subsets of the fonts of every PDF, compares text and pages in poppler and mutool with those of whole fonts, and
#   prints the bytes of fonts by class [PAGES=30|all] [FILES=LIST] [LIMIT=N].
# image: generates images of every format, depth and kind of colour, and compares their pages in poppler and mutool with what was
#   drawn. Compares colours of ICC profiles in poppler and Ghostscript with those of Little CMS. Then makes a PDF of every image of
#   the folders in IMAGES and compares the pixels with those of Pillow.
# fuzz: mutates files of the folder. Keeps files that crash, hang or use too much memory in .run/fuzz [CASES=20000] [SEED=1]
#   [OPERATION=merge-pdf|compress-pdf|both].
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-packages.sh qpdf=qpdf pdftoppm=poppler-utils mutool=mupdf-tools
scripts/build.sh
corpus=${CORPUS:-../shared/corpus/pdf}
if [ ! -d "$corpus" ]; then
  say "SKIPPED: $corpus does not exist. Name a folder of PDF files with CORPUS=FOLDER"
  corpus=
fi
HOSTILE_CORPUS=$(scripts/build-attacks.sh)
export HOSTILE_CORPUS
status=0
for part in ${ONLY:-merge compress table}; do
  case $part in
    merge) node test/dist/corpus/merge.js "$corpus" "$run_dir/corpus" || status=1 ;;
    compress) node test/dist/corpus/compress.js "$corpus" "$run_dir/corpus" || status=1 ;;
    table) node test/dist/corpus/compress-table.js "$run_dir/corpus-table" || status=1 ;;
    fonts) node test/dist/corpus/fonts.js "$corpus" "$run_dir/corpus-fonts" || status=1 ;;
    image)
      scripts/install-packages.sh pdfimages=poppler-utils python3:PIL=python3-pil python3:numpy=python3-numpy tiffcp=libtiff-tools \
        opj_compress=libopenjp2-tools heif-enc=libheif-examples cjpeg=libjpeg-turbo-progs rsvg-convert=librsvg2-bin gs=ghostscript
      /usr/bin/python3 -B test/corpus/peers/images/make-cases.py "$run_dir/image-cases"
      node test/dist/corpus/image-contract.js "$run_dir/corpus-images" "$run_dir/image-cases" || status=1
      for images in ${IMAGES:-../shared/corpus/images ../shared/cases/image}; do
        [ -d "$images" ] || { say "SKIPPED: $images does not exist. Name folders of images with IMAGES=FOLDERS" && continue; }
        node test/dist/corpus/images.js "$run_dir/corpus-images" "$images" || status=1
      done
      ;;
    fuzz) node test/dist/corpus/fuzz.js "$corpus" "$run_dir/fuzz" "${CASES:-20000}" "${SEED:-1}" "${OPERATION:-both}" || status=1 ;;
    *) die "ONLY must be merge, compress, table, fonts, image or fuzz, not '$part'" ;;
  esac
done
exit $status
