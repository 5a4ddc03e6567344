#!/usr/bin/python3
"""Compares the frames of an image file, as Pillow decodes them, with PNG files that pdfimages took out of a PDF.

Usage: compare-images.py IMAGE PNG...
Prints a JSON object: "frames", the number of frames; "compared", how many have the same size; "worst" and "mean", the largest
and the mean difference of samples that are not transparent; and "why", if a frame is not compared.
"""
import json
import sys

import numpy
from PIL import Image, ImageFile, ImageSequence

Image.MAX_IMAGE_PIXELS = None
# The product accepts files whose end is missing, too.
ImageFile.LOAD_TRUNCATED_IMAGES = True


def to_rgb(image):
    """Samples of 8 bits, and which pixels are not transparent. Deeper samples lose their low bits."""
    if image.mode.startswith("I"):
        image = Image.fromarray((numpy.asarray(image) >> 8).astype("uint8"))
    if image.mode in ("P", "PA", "LA") or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode != "RGBA":
        image = image.convert("RGB").convert("RGBA")
    samples = numpy.asarray(image).astype(int)
    return samples[:, :, :3], samples[:, :, 3:] > 0


def main():
    path, *names = sys.argv[1:]
    result = {"frames": 0, "compared": 0, "worst": 0, "mean": 0}
    try:
        frames = [frame.copy() for frame in ImageSequence.Iterator(Image.open(path))]
    except Exception as error:  # Any error means that there is nothing to compare with.
        print(json.dumps({**result, "why": f"Pillow: {error}"}))
        return
    result["frames"] = len(frames)
    for frame, name in zip(frames, names):
        if frame.mode in ("CMYK", "LAB", "YCbCr"):
            result["why"] = f"the colours are {frame.mode}"
            continue
        if frame.info.get("icc_profile"):
            result["why"] = "pdfimages converts the colours of a profile"
            continue
        expected, visible = to_rgb(frame)
        actual, _ = to_rgb(Image.open(name))
        if expected.shape != actual.shape:
            result["why"] = f"the size is {actual.shape[1]} x {actual.shape[0]}"
            continue
        result["compared"] += 1
        difference = abs(expected - actual) * visible
        result["worst"] = max(result["worst"], int(difference.max()))
        result["mean"] = max(result["mean"], float(difference.mean()))
    print(json.dumps(result))


main()
