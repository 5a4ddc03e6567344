"""Merges with PyPDF2 as the predecessor does: `pypdf2.py OUT FILE...` once, or orders as lines of JSON without arguments."""

import json
import sys
import time

from PyPDF2 import PdfMerger


def merge(paths, out):
    merger = PdfMerger()
    try:
        for path in paths:
            merger.append(path)
        merger.write(out)
    finally:
        merger.close()


if len(sys.argv) > 1:
    merge(sys.argv[2:], sys.argv[1])
else:
    print(json.dumps({"ms": 0}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        start = time.perf_counter()
        merge(order["files"], order["out"])
        print(json.dumps({"ms": 1000 * (time.perf_counter() - start)}), flush=True)
