"""Makes a PDF of images with img2pdf or, as the predecessor, with Pillow: `image-peer.py img2pdf|pillow`.

Reads orders and writes answers as lines of JSON.
"""

import json
import logging
import sys
import time

from PIL import Image

Image.MAX_IMAGE_PIXELS = None
logging.disable(logging.CRITICAL)


def with_img2pdf(paths, out):
    import img2pdf

    with open(out, "wb") as file:
        img2pdf.convert(*paths, outputstream=file, rotation=img2pdf.Rotation.ifvalid)


def with_pillow(paths, out):
    images = [Image.open(path).convert("RGB") for path in paths]
    images[0].save(out, "PDF", save_all=True, append_images=images[1:])


convert = {"img2pdf": with_img2pdf, "pillow": with_pillow}[sys.argv[1]]
print(json.dumps({"ms": 0}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    start = time.perf_counter()
    try:
        convert(order["files"], order["out"])
        print(json.dumps({"ms": 1000 * (time.perf_counter() - start)}), flush=True)
    except Exception as error:  # The peer does not read every format.
        print(json.dumps({"ms": -1, "error": str(error)}), flush=True)
