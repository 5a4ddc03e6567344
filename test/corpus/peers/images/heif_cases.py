"""Cases of HEIC and AVIF. heif-enc compresses the images without loss, and this file writes the boxes around them."""
import struct
import subprocess

import numpy

from cases import samples
from color import display_p3, p3_to_srgb
from png_cases import png

# Of the conversion to YCC and back.
ROUNDING = 1
FULL_RANGE = b"nclx" + struct.pack(">HHHB", 1, 13, 6, 0x80)


def box(kind, body):
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind, body, version=0, flags=0):
    return box(kind, struct.pack(">I", version << 24 | flags) + body)


def boxes(data):
    at = 0
    while at + 8 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0] or len(data) - at
        yield data[at + 4 : at + 8], data[at + 8 : at + length]
        at += length


def encode(cases, values, avif=False, bits=8):
    """Returns the configuration and the data of an image, compressed without loss as YCC."""
    source, target = cases.path("source.png"), cases.path("target.avif" if avif else "target.heic")
    source.write_bytes(png(values, bits, 2))
    lossless = ["-L", "-p", "chroma=444", "--full_range_flag=1"]
    command = ["heif-enc", *lossless, *(["-A"] if avif else []), *(["-b", "10"] if bits > 8 else []), source, "-o", target]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    data = target.read_bytes()
    meta = dict(boxes(dict(boxes(data))[b"meta"][4:]))
    properties = list(boxes(dict(boxes(meta[b"iprp"]))[b"ipco"]))
    kind = b"av1C" if avif else b"hvcC"
    config = next(box(name, body) for name, body in properties if name == kind)
    return config, dict(boxes(data))[b"mdat"]


class Heif:
    """Writes a file of items with properties and references."""

    def __init__(self, brand=b"heic"):
        self.brand = brand
        self.items = []
        self.references = []

    def add(self, kind, data, properties=(), hidden=False):
        """Returns the number of the item."""
        self.items.append((kind, data, list(properties), hidden))
        return len(self.items)

    def refer(self, kind, source, *targets):
        body = struct.pack(">HH", source, len(targets)) + b"".join(struct.pack(">H", number) for number in targets)
        self.references.append(box(kind, body))

    def finish(self, primary):
        shared, associations = [], b""
        for number, (_kind, _data, properties, _hidden) in enumerate(self.items, 1):
            entries = b""
            for one in properties:
                if one not in shared:
                    shared.append(one)
                essential = 0x80 if one[4:8] in (b"hvcC", b"av1C", b"irot", b"imir", b"clap") else 0
                entries += bytes([essential | shared.index(one) + 1])
            associations += struct.pack(">HB", number, len(properties)) + entries
        infos = b"".join(
            full(b"infe", struct.pack(">HH", number, 0) + kind + b"\0", 2, int(hidden))
            for number, (kind, _data, _properties, hidden) in enumerate(self.items, 1)
        )
        head = box(b"ftyp", self.brand + b"\0\0\0\0mif1" + self.brand + b"miaf")

        def meta(start):
            locations, at = b"", start
            for number, (_kind, data, _properties, _hidden) in enumerate(self.items, 1):
                locations += struct.pack(">HHHII", number, 0, 1, at, len(data))
                at += len(data)
            body = full(b"hdlr", b"\0\0\0\0pict" + bytes(13))
            body += full(b"pitm", struct.pack(">H", primary))
            body += full(b"iloc", struct.pack(">BBH", 0x44, 0, len(self.items)) + locations)
            body += full(b"iinf", struct.pack(">H", len(self.items)) + infos)
            if self.references:
                body += full(b"iref", b"".join(self.references))
            ipma = full(b"ipma", struct.pack(">I", len(self.items)) + associations)
            body += box(b"iprp", box(b"ipco", b"".join(shared)) + ipma)
            return full(b"meta", body)

        start = len(head) + len(meta(0)) + 8
        return head + meta(start) + box(b"mdat", b"".join(data for _kind, data, *_rest in self.items))


def extents(width, height):
    return full(b"ispe", struct.pack(">II", width, height))


def pixels(bits=8):
    return full(b"pixi", bytes([3, bits, bits, bits]))


def colors(body=FULL_RANGE):
    return box(b"colr", body)


def square(seed, size=64):
    """Even sides, which all encoders take."""
    tiled = numpy.tile(samples(3, 8, seed), (size // 29 + 1, size // 37 + 2, 1))
    return numpy.ascontiguousarray(tiled[:size, : size + 16])


class Coder:
    """The items of one compression."""

    def __init__(self, cases, avif):
        self.cases, self.avif = cases, avif
        self.brand, self.kind, self.name = (b"avif", b"av01", "avif") if avif else (b"heic", b"hvc1", "heic")

    def file(self):
        return Heif(self.brand)

    def image(self, heif, values, *more, color=FULL_RANGE, hidden=False):
        config, data = encode(self.cases, values, self.avif)
        height, width = values.shape[:2]
        return heif.add(self.kind, data, [config, extents(width, height), pixels(), colors(color), *more], hidden)

    def one(self, values, *more, color=FULL_RANGE):
        heif = self.file()
        return heif.finish(self.image(heif, values, *more, color=color))


def add_transforms(cases, coder):
    values = square(1)
    cases.add(f"{coder.name}-plain.{coder.name}", coder.one(values), [values], tolerance=ROUNDING)
    for angle in range(4):
        turned = numpy.rot90(values, angle)
        data = coder.one(values, box(b"irot", bytes([angle])))
        cases.add(f"{coder.name}-irot{angle}.{coder.name}", data, [turned], tolerance=ROUNDING)
        for axis in (0, 1):
            # Axis 0 is vertical: left and right change places. Properties apply in their order.
            mirrored = turned[:, ::-1] if axis == 1 else turned[::-1]
            both = coder.one(values, box(b"irot", bytes([angle])), box(b"imir", bytes([axis])))
            cases.add(f"{coder.name}-irot{angle}-imir{axis}.{coder.name}", both, [mirrored], tolerance=ROUNDING)
    clap = box(b"clap", struct.pack(">IIIIIIII", 40, 1, 20, 1, 0xFFFFFFFC, 1, 6, 1))
    height, width = values.shape[:2]
    left, top = int(-4 + (width - 1) / 2 - 39 / 2), int(6 + (height - 1) / 2 - 19 / 2)
    cases.add(f"{coder.name}-clap.{coder.name}", coder.one(values, clap), [values[top : top + 20, left : left + 40]], tolerance=ROUNDING)


def add_grids(cases, coder):
    tiles = [square(seed) for seed in range(1, 7)]
    whole = numpy.concatenate([numpy.concatenate(tiles[at : at + 3], axis=1) for at in (0, 3)], axis=0)
    for name, width, height, more in (("grid", 240, 128, ()), ("grid-cut", 221, 101, ()), ("grid-irot", 221, 101, (box(b"irot", b"\3"),))):
        heif = coder.file()
        numbers = [coder.image(heif, tile, hidden=True) for tile in tiles]
        grid = struct.pack(">BBBBHH", 0, 0, 1, 2, width, height)
        number = heif.add(b"grid", grid, [extents(width, height), pixels(), colors(), *more])
        heif.refer(b"dimg", number, *numbers)
        shown = whole[:height, :width]
        shown = numpy.rot90(shown, 3) if more else shown
        cases.add(f"{coder.name}-{name}.{coder.name}", heif.finish(number), [shown], tolerance=ROUNDING)


def add_primary(cases, coder):
    heif = coder.file()
    first, second = square(1), square(2)
    coder.image(heif, first)
    number = coder.image(heif, second)
    cases.add(f"{coder.name}-primary.{coder.name}", heif.finish(number), [second], tolerance=ROUNDING)
    # A thumbnail comes first.
    heif = coder.file()
    thumbnail = coder.image(heif, square(3, 32)[:32, :32].copy())
    number = coder.image(heif, second)
    heif.refer(b"thmb", thumbnail, number)
    cases.add(f"{coder.name}-thumbnail.{coder.name}", heif.finish(number), [second], tolerance=ROUNDING)


def add_alpha(cases, coder):
    values = square(1)
    alpha = square(2)[:, :, :1]
    heif = coder.file()
    number = coder.image(heif, values)
    auxiliary = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"
    mask = coder.image(heif, numpy.repeat(alpha, 3, axis=2), full(b"auxC", auxiliary))
    heif.refer(b"auxl", mask, number)
    frame = numpy.concatenate([values, alpha], axis=2)
    cases.add(f"{coder.name}-alpha.{coder.name}", heif.finish(number), [frame], tolerance=2)


def add_exif(cases, coder):
    values = square(1)
    heif = coder.file()
    number = coder.image(heif, values)
    resolution = b"MM\0*\0\0\0\x08\0\x04" + b"".join((
        struct.pack(">HHIHH", 0x112, 3, 1, 6, 0), struct.pack(">HHII", 0x11A, 5, 1, 62),
        struct.pack(">HHII", 0x11B, 5, 1, 62), struct.pack(">HHIHH", 0x128, 3, 1, 2, 0))) + bytes(4) + struct.pack(">II", 300, 1)
    metadata = heif.add(b"Exif", struct.pack(">I", 6) + b"Exif\0\0" + resolution)
    heif.refer(b"cdsc", metadata, number)
    # The orientation of EXIF does not count in HEIF.
    cases.add(f"{coder.name}-exif.{coder.name}", heif.finish(number), [values], tolerance=ROUNDING, dpi=[300, 300])


def add_colors(cases, coder):
    # Rounding before the conversion counts more in dark colours.
    values = square(1)
    data = coder.one(values, colors(b"prof" + display_p3()))
    cases.add(f"{coder.name}-prof.{coder.name}", data, [p3_to_srgb(values)], tolerance=8, readers=["poppler"])
    data = coder.one(values, color=b"nclx" + struct.pack(">HHHB", 12, 13, 6, 0x80))
    cases.add(f"{coder.name}-nclx-p3.{coder.name}", data, [p3_to_srgb(values)], tolerance=8, readers=["poppler"])


def add(cases):
    for avif in (False, True):
        coder = Coder(cases, avif)
        for part in (add_transforms, add_grids, add_primary, add_alpha, add_exif, add_colors):
            part(cases, coder)
