"""Cases of PNG and animated PNG."""
import itertools
import struct
import zlib

import numpy

from cases import HEIGHT, WIDTH, orient, pack, samples, to8
from color import display_p3, p3_to_srgb

PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def rows_of(values, bits):
    packed = pack(values, bits)
    size = len(packed) // values.shape[0]
    return b"".join(b"\0" + packed[at : at + size] for at in range(0, len(packed), size))


def idat(values, bits, interlaced=False):
    if not interlaced:
        return zlib.compress(rows_of(values, bits))
    parts = [values[top::down, left::right] for left, top, right, down in PASSES]
    return zlib.compress(b"".join(rows_of(part, bits) for part in parts if part.size))


def header(width, height, bits, kind, interlaced=False):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced))


def png(values, bits, kind, *, interlaced=False, before=b"", after=b""):
    height, width = values.shape[:2]
    return (
        b"\x89PNG\r\n\x1a\n"
        + header(width, height, bits, kind, interlaced)
        + before
        + chunk(b"IDAT", idat(values, bits, interlaced))
        + after
        + chunk(b"IEND", b"")
    )


def shown(values, bits, kind, palette=None):
    if kind == 3:
        return palette[values[:, :, 0]]
    eight = to8(values, bits)
    if kind == 0:
        return eight[:, :, 0]
    if kind == 4:
        return numpy.concatenate([numpy.repeat(eight[:, :, :1], 3, axis=2), eight[:, :, 1:]], axis=2)
    return eight


def exif(orientation):
    return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + struct.pack(">H", orientation) + b"\0\0\0\0\0\0"


def add_plain(cases):
    kinds = [(0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))]
    for (kind, depths), interlaced in itertools.product(kinds, (False, True)):
        for bits in depths:
            values = samples(CHANNELS[kind], bits)
            palette = numpy.random.default_rng(bits).integers(0, 256, (1 << bits, 3)).astype(numpy.uint8)
            before = chunk(b"PLTE", palette.tobytes()) if kind == 3 else b""
            before += chunk(b"pHYs", struct.pack(">IIB", 11811, 11811, 1))
            name = f"png-type{kind}-{bits}{'-interlaced' if interlaced else ''}.png"
            colors = values[:, :, : 3 if kind == 6 else 1 if kind in (0, 4) else 3]
            cases.add(
                name,
                png(values, bits, kind, interlaced=interlaced, before=before),
                [shown(values, bits, kind, palette)],
                tolerance=3 if bits == 16 else 1 if kind in (4, 6) else 0,
                dpi=[300, 300],
                exact=pack(colors, 16) if bits == 16 else None,
            )


def add_transparency(cases):
    for interlaced in (False, True):
        tail = "-interlaced" if interlaced else ""
        for bits in (1, 2, 4, 8, 16):
            values = samples(1, bits)
            key = int(values[20, 20, 0])
            before = chunk(b"tRNS", struct.pack(">H", key))
            alpha = numpy.where(values == key, 0, 255).astype(numpy.uint8)
            frame = numpy.concatenate([numpy.repeat(to8(values, bits), 3, axis=2), alpha], axis=2)
            data = png(values, bits, 0, before=before, interlaced=interlaced)
            cases.add(f"png-gray{bits}-key{tail}.png", data, [frame], tolerance=1 if bits == 16 else 0)
        for bits in (8, 16):
            values = samples(3, bits)
            key = values[20, 20]
            before = chunk(b"tRNS", struct.pack(">HHH", *map(int, key)))
            alpha = numpy.where((values == key).all(axis=2, keepdims=True), 0, 255).astype(numpy.uint8)
            frame = numpy.concatenate([to8(values, bits), alpha], axis=2)
            data = png(values, bits, 2, before=before, interlaced=interlaced)
            cases.add(f"png-rgb{bits}-key{tail}.png", data, [frame], tolerance=1 if bits == 16 else 0)
        for bits in (1, 2, 4, 8):
            values = samples(1, bits)
            random = numpy.random.default_rng(bits + 40)
            palette = random.integers(0, 256, (1 << bits, 4)).astype(numpy.uint8)
            before = chunk(b"PLTE", palette[:, :3].tobytes()) + chunk(b"tRNS", palette[:-1, 3].tobytes())
            palette[-1, 3] = 255
            data = png(values, bits, 3, before=before, interlaced=interlaced)
            cases.add(f"png-palette{bits}-alpha{tail}.png", data, [palette[values[:, :, 0]]], tolerance=1)


def add_orientations(cases):
    values = samples(3, 8)
    for orientation in range(10):
        data = png(values, 8, 2, before=chunk(b"eXIf", exif(orientation)))
        cases.add(f"png-orientation{orientation}.png", data, [orient(values, orientation)])


def add_profiles(cases):
    values = samples(3, 8)
    body = b"P3\0\0" + zlib.compress(display_p3())
    for name, options in (("", {}), ("-interlaced", {"interlaced": True})):
        data = png(values, 8, 2, before=chunk(b"iCCP", body), **options)
        # mutool of Debian has no colour management.
        cases.add(f"png-profile{name}.png", data, [p3_to_srgb(values)], tolerance=2, readers=["poppler"])


class Drawing:
    """Draws the frames of an animation in floating point."""

    def __init__(self, width, height):
        self.canvas = numpy.zeros((height, width, 4))

    def draw(self, area, left, top, dispose, blend):
        area = area.astype(float) / 255
        where = (slice(top, top + area.shape[0]), slice(left, left + area.shape[1]))
        before = self.canvas.copy()
        if blend == 0:
            self.canvas[where] = area
        else:
            below = self.canvas[where]
            alpha = area[:, :, 3:] + below[:, :, 3:] * (1 - area[:, :, 3:])
            color = area[:, :, :3] * area[:, :, 3:] + below[:, :, :3] * below[:, :, 3:] * (1 - area[:, :, 3:])
            color = numpy.divide(color, alpha, out=numpy.zeros_like(color), where=alpha > 0)
            self.canvas[where] = numpy.concatenate([color, alpha], axis=2)
        shown = numpy.rint(self.canvas * 255).astype(numpy.uint8)
        if dispose == 1:
            self.canvas[where] = 0
        elif dispose == 2:
            self.canvas = before
        return shown


def add_animations(cases):
    operations = list(itertools.product((0, 1, 2), (0, 1)))
    for kind, bits in ((0, 8), (2, 8), (3, 4), (4, 8), (6, 8), (6, 16), (0, 16), (0, 1)):
        for hidden in (False, True):
            random = numpy.random.default_rng(kind * 10 + bits)
            palette = random.integers(0, 256, (16, 4)).astype(numpy.uint8)
            before = b""
            if kind == 3:
                before = chunk(b"PLTE", palette[:, :3].tobytes()) + chunk(b"tRNS", palette[:, 3].tobytes())
            drawing, body, frames, sequence = Drawing(WIDTH, HEIGHT), b"", [], 0
            if hidden:
                body = chunk(b"IDAT", idat(samples(CHANNELS[kind], bits, 99), bits))
            for at, (dispose, blend) in enumerate([(0, 0), *operations]):
                values = samples(CHANNELS[kind], bits, at + 1)
                left, top = (0, 0) if at == 0 else (int(random.integers(0, 20)), int(random.integers(0, 14)))
                if at > 0:
                    values = values[: HEIGHT - top - 3, : WIDTH - left - 5]
                area = values.shape
                control = struct.pack(">IIIIIHHBB", sequence, area[1], area[0], left, top, 1, 10, dispose, blend)
                body += chunk(b"fcTL", control)
                sequence += 1
                data = idat(values, bits)
                if at == 0 and not hidden:
                    body += chunk(b"IDAT", data)
                else:
                    for part in (data[:20], data[20:]):
                        body += chunk(b"fdAT", struct.pack(">I", sequence) + part)
                        sequence += 1
                picture = shown(values, bits, kind, palette)
                if picture.ndim == 2:
                    picture = numpy.repeat(picture[:, :, None], 3, axis=2)
                if picture.shape[2] == 3:
                    picture = numpy.concatenate([picture, numpy.full_like(picture[:, :, :1], 255)], axis=2)
                frames.append(drawing.draw(picture, left, top, dispose, blend))
            data = (
                b"\x89PNG\r\n\x1a\n"
                + header(WIDTH, HEIGHT, bits, kind)
                + before
                + chunk(b"acTL", struct.pack(">II", len(frames), 0))
                + body
                + chunk(b"IEND", b"")
            )
            cases.add(f"apng-type{kind}-{bits}{'-hidden' if hidden else ''}.png", data, frames, tolerance=3)


def add(cases):
    add_plain(cases)
    add_transparency(cases)
    add_orientations(cases)
    add_profiles(cases)
    add_animations(cases)
