#!/usr/bin/python3
"""Writes image files of every format with their expected pixels. Usage: make-cases.py FOLDER [FORMAT...]"""
import importlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cases import Cases  # noqa: E402

FORMATS = ("png", "tiff", "bmp", "pnm", "jp2", "heif", "animated", "jpeg", "svg", "profile")


def main():
    folder, *formats = sys.argv[1:]
    cases = Cases(folder)
    for name in formats or FORMATS:
        importlib.import_module(f"{name}_cases").add(cases)
    cases.finish()


main()
