"""Cases of TIFF. Uncompressed files are written here, and tiffcp compresses them."""
import itertools
import struct
import subprocess

import numpy

from cases import HEIGHT, WIDTH, orient, pack, samples, to8

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, SEPARATED, YCBCR, LAB, ICC_LAB = 0, 1, 2, 3, 5, 6, 8, 9
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 16: 8}


class Tiff:
    """Writes directories with their strips or tiles."""

    def __init__(self, order="<", big=False):
        self.order, self.big = order, big
        self.data = bytearray(16 if big else 8)
        self.directories = []

    def page(self, tags, blocks, tiled=False):
        """tags: number -> (type, values)."""
        offsets = []
        for block in blocks:
            offsets.append(len(self.data))
            self.data += block + b"\0" * (len(block) % 2)
        tags = dict(tags)
        tags[324 if tiled else 273] = (4, offsets)
        tags[325 if tiled else 279] = (4, [len(block) for block in blocks])
        self.directories.append(tags)

    def value(self, kind, values):
        if isinstance(values, bytes):
            return values
        if kind == 5:
            return b"".join(struct.pack(self.order + "II", int(value * 1000), 1000) for value in values)
        code = {1: "B", 3: "H", 4: "I", 16: "Q"}[kind]
        return struct.pack(self.order + code * len(values), *values)

    def finish(self):
        order, big = self.order, self.big
        offset, room = ("Q", 8) if big else ("I", 4)
        mark = b"II" if order == "<" else b"MM"
        head = mark + struct.pack(order + ("HHHQ" if big else "HI"), *((43, 8, 0, 0) if big else (42, 0)))
        self.data[: len(head)] = head
        link = 8 if big else 4
        for tags in self.directories:
            entries = b""
            for tag in sorted(tags):
                kind, values = tags[tag]
                body = self.value(kind, values)
                count = len(body) // SIZES.get(kind, 1)
                if len(body) <= room:
                    place = body.ljust(room, b"\0")
                else:
                    place = struct.pack(order + offset, len(self.data))
                    self.data += body + b"\0" * (len(body) % 2)
                entries += struct.pack(order + "HH" + offset, tag, kind, count) + place
            self.data[link : link + room] = struct.pack(order + offset, len(self.data))
            self.data += struct.pack(order + ("Q" if big else "H"), len(tags)) + entries
            link = len(self.data)
            self.data += bytes(room)
        return bytes(self.data)


def tags_for(values, bits, photometric, **more):
    height, width, channels = values.shape
    tags = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, [bits] * channels),
        259: (3, [1]),
        262: (3, [photometric]),
        277: (3, [channels]),
        278: (4, [height]),
        282: (5, [150.0]),
        283: (5, [150.0]),
    }
    tags.update(more.get("extra", {}))
    return tags


def bytes_of(values, bits, order):
    packed = pack(values, bits)
    if bits == 16 and order == "<":
        return numpy.frombuffer(packed, ">u2").astype("<u2").tobytes()
    return packed


def tiff(values, bits, photometric, *, order="<", big=False, planar=False, extra=None):
    writer = Tiff(order, big)
    extra = dict(extra or {})
    if planar:
        extra[284] = (3, [2])
        planes = [values[:, :, at : at + 1] for at in range(values.shape[2])]
        blocks = [bytes_of(plane, bits, order) for plane in planes]
    else:
        blocks = [bytes_of(values, bits, order)]
    writer.page(tags_for(values, bits, photometric, extra=extra), blocks)
    return writer.finish()


def copied(cases, name, data, options):
    """The bytes of a file after tiffcp."""
    source, target = cases.path("source.tif"), cases.path("target.tif")
    source.write_bytes(data)
    subprocess.run(["tiffcp", *options, source, target], check=True, stderr=subprocess.DEVNULL)
    return target.read_bytes()


def tolerance(bits):
    return 1 if bits == 16 else 0


def add_gray(cases):
    for bits, zero, order in itertools.product((1, 2, 4, 8, 16), (WHITE_IS_ZERO, BLACK_IS_ZERO), "<>"):
        values = samples(1, bits)
        shown = values if zero == BLACK_IS_ZERO else (1 << bits) - 1 - values
        name = f"tiff-gray{bits}-{'white' if zero == 0 else 'black'}0-{'ii' if order == '<' else 'mm'}.tif"
        exact = pack(shown, 16) if bits == 16 else None
        data = tiff(values, bits, zero, order=order)
        cases.add(name, data, [to8(shown, bits)[:, :, 0]], dpi=[150, 150], tolerance=tolerance(bits), exact=exact)
    for bits in (3, 5, 6, 7, 10, 12, 14):
        values = samples(1, bits)
        frame = to8(values, bits)[:, :, 0]
        cases.add(f"tiff-gray{bits}.tif", tiff(values, bits, 1, order=">"), [frame], tolerance=1)


def add_palette(cases):
    for bits in (1, 2, 4, 8):
        values = samples(1, bits)
        palette = numpy.random.default_rng(bits).integers(0, 256, (1 << bits, 3))
        extra = {320: (3, [int(value) * 257 for value in palette.T.ravel()])}
        data = tiff(values, bits, PALETTE, extra=extra)
        cases.add(f"tiff-palette{bits}.tif", data, [palette[values[:, :, 0]]])


def add_rgb(cases):
    for bits, order, planar, big in itertools.product((8, 16), "<>", (False, True), (False, True)):
        values = samples(3, bits)
        name = f"tiff-rgb{bits}{'-mm' if order == '>' else ''}{'-planar' if planar else ''}{'-big' if big else ''}.tif"
        data = tiff(values, bits, RGB, order=order, planar=planar, big=big)
        exact = pack(values, 16) if bits == 16 else None
        cases.add(name, data, [to8(values, bits)], tolerance=tolerance(bits), exact=exact)
    for bits in (2, 4, 10, 12):
        values = samples(3, bits)
        cases.add(f"tiff-rgb{bits}.tif", tiff(values, bits, RGB, order=">"), [to8(values, bits)], tolerance=1)


def add_alpha(cases):
    for bits, kind, planar in itertools.product((8, 16), ("plain", "associated", "other"), (False, True)):
        number = {"plain": 2, "associated": 1, "other": 0}[kind]
        most = (1 << bits) - 1
        for channels, photometric in ((4, RGB), (2, BLACK_IS_ZERO)):
            values = samples(channels, bits).astype(float)
            alpha = values[:, :, -1:]
            if kind == "associated":
                values = numpy.concatenate([numpy.rint(values[:, :, :-1] * alpha / most), alpha], axis=2)
                color = numpy.divide(values[:, :, :-1] * most, alpha, out=numpy.zeros_like(values[:, :, :-1]), where=alpha > 0)
                color = numpy.minimum(color, most)
            else:
                color = values[:, :, :-1]
            # RGB with a fourth sample that the file does not explain has alpha.
            if kind == "other" and channels == 2:
                alpha = numpy.full_like(alpha, most)
            frame = numpy.concatenate([color] * (1 if channels == 4 else 3) + [alpha], axis=2) * 255 / most
            stored = values.astype(numpy.uint16 if bits == 16 else numpy.uint8)
            data = tiff(stored, bits, photometric, planar=planar, extra={338: (3, [number])})
            name = f"tiff-{'rgb' if channels == 4 else 'gray'}{bits}-alpha-{kind}{'-planar' if planar else ''}.tif"
            cases.add(name, data, [frame], tolerance=3 if kind == "associated" or bits == 16 else 1)


def add_cmyk(cases):
    for bits, planar in itertools.product((8, 16), (False, True)):
        values = samples(4, bits)
        data = tiff(values, bits, SEPARATED, planar=planar)
        name = f"tiff-cmyk{bits}{'-planar' if planar else ''}.tif"
        cmyk = values if bits == 8 else None
        cases.add(name, data, [], readers=[], cmyk=cmyk, exact=pack(values, bits))


def add_compressions(cases):
    multi = [["-c", "lzw"], ["-c", "lzw:2"], ["-c", "zip"], ["-c", "zip:2"], ["-c", "packbits"], ["-c", "zstd"], ["-c", "zstd:2"]]
    for options, layout in itertools.product(multi, ([], ["-r", "5"], ["-t", "-w", "16", "-l", "16"], ["-p", "separate"])):
        for bits, channels, photometric in ((8, 3, RGB), (16, 3, RGB), (8, 1, 1), (16, 1, 1), (1, 1, 1), (4, 1, 1), (8, 4, SEPARATED)):
            if options[1].endswith(":2") and bits < 8:
                continue
            # tiffcp separates only channels of 8 bits.
            if layout[:1] == ["-p"] and (channels == 1 or bits != 8):
                continue
            values = samples(channels, bits)
            data = copied(cases, "x", tiff(values, bits, photometric), [*options, *layout])
            tail = f"{options[1].replace(':', '')}-{'-'.join(layout).strip('-').replace('--', '-') or 'whole'}"
            name = f"tiff-{channels}x{bits}-{tail}.tif"
            if photometric == SEPARATED:
                cases.add(name, data, [], readers=[], cmyk=values)
            else:
                cases.add(name, data, [to8(values, bits)[:, :, 0] if channels == 1 else to8(values, bits)], tolerance=tolerance(bits))


def add_faxes(cases):
    for options, zero in itertools.product((["-c", "g3:1d"], ["-c", "g3:2d"], ["-c", "g3:1d:fill"], ["-c", "g4"]), (0, 1)):
        for more in ([], ["-r", "7"], ["-f", "lsb2msb"]):
            values = samples(1, 1)
            shown = values if zero == 1 else 1 - values
            data = copied(cases, "x", tiff(values, 1, zero), [*options, *more])
            name = f"tiff-fax-{options[1].replace(':', '')}-{zero}{'-'.join(more)}.tif"
            cases.add(name, data, [to8(shown, 1)[:, :, 0]])


def add_orientations(cases):
    values = samples(3, 8)
    for orientation in range(10):
        data = tiff(values, 8, RGB, extra={274: (3, [orientation])})
        cases.add(f"tiff-orientation{orientation}.tif", data, [orient(values, orientation)])


def add_resolutions(cases):
    values = samples(3, 8)
    for unit, x, y, dpi in ((2, 200.0, 200.0, [200, 200]), (3, 118.11, 118.11, [300, 300]), (2, 204.0, 98.0, [204, 98]), (2, 0.0, 0.0, [96, 96]), (2, 7.0, 7.0, [96, 96]), (2, 2_000.0, 2_000.0, [96, 96])):
        data = tiff(values, 8, RGB, extra={282: (5, [x]), 283: (5, [y]), 296: (3, [unit])})
        # One pixel is one unit only if both resolutions are the same.
        readers = None if x == y else []
        cases.add(f"tiff-resolution{unit}-{int(x)}.tif", data, [values], dpi=dpi, readers=readers)


def add_pages(cases):
    writer, frames = Tiff(), []
    for at, (bits, channels, photometric) in enumerate(((8, 3, RGB), (1, 1, 0), (16, 1, 1), (8, 1, 1))):
        values = samples(channels, bits, at + 5)
        shown = 1 - values if photometric == 0 else values
        frames.append(to8(shown, bits) if channels == 3 else to8(shown, bits)[:, :, 0])
        writer.page(tags_for(values, bits, photometric), [bytes_of(values, bits, "<")])
    cases.add("tiff-pages.tif", writer.finish(), frames, tolerance=1)
    # A thumbnail has no page.
    writer = Tiff()
    values = samples(3, 8)
    writer.page(tags_for(values, 8, RGB), [values.tobytes()])
    small = numpy.ascontiguousarray(values[::4, ::4])
    writer.page(tags_for(small, 8, RGB, extra={254: (4, [1])}), [small.tobytes()])
    cases.add("tiff-thumbnail.tif", writer.finish(), [values])


def add_ycbcr(cases):
    values = samples(3, 8)
    y, cb, cr = (values[:, :, at].astype(float) for at in range(3))
    rgb = numpy.stack([y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), y + 1.772 * (cb - 128)], axis=2)
    frame = numpy.clip(numpy.rint(rgb), 0, 255).astype(numpy.uint8)
    extra = {530: (3, [1, 1]), 532: (5, [0.0, 255.0, 128.0, 255.0, 128.0, 255.0])}
    cases.add("tiff-ycbcr.tif", tiff(values, 8, YCBCR, extra=extra), [frame], tolerance=1)
    for options in (["-c", "lzw"], ["-c", "zip"]):
        data = copied(cases, "x", tiff(values, 8, YCBCR, extra=extra), options)
        cases.add(f"tiff-ycbcr-{options[1]}.tif", data, [frame], tolerance=1)


def lab_to_srgb(light, a, b):
    """Lab of D50 as sRGB, adapted with Bradford."""
    fy = (light + 16) / 116
    parts = [fy + a / 500, fy, fy - b / 200]
    white = (0.9642, 1.0, 0.8249)
    xyz = numpy.stack([numpy.where(part > 6 / 29, part**3, 3 * (6 / 29) ** 2 * (part - 4 / 29)) * w for part, w in zip(parts, white)], axis=2)
    matrix = numpy.array([[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540], [0.0719453, -0.2289914, 1.4052427]])
    linear = numpy.clip(xyz @ matrix.T, 0, 1)
    srgb = numpy.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return numpy.rint(srgb * 255).astype(numpy.uint8)


def add_lab(cases):
    # Colours within sRGB, so that no gamut mapping is needed.
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    light, a, b = 35 + rows, (columns - 18) * 0.8, (rows - 14) * 0.9
    for bits, photometric in itertools.product((8, 16), (LAB, ICC_LAB)):
        scale = 257 if bits == 16 and photometric == ICC_LAB else 256 if bits == 16 else 1
        full = 65535 if bits == 16 else 255
        if photometric == LAB:
            stored = [numpy.rint(light * full / 100), numpy.rint(a * scale) % (full + 1), numpy.rint(b * scale) % (full + 1)]
        else:
            top = 65280 if bits == 16 else 255
            shift = 256 if bits == 16 else 1
            stored = [numpy.rint(light * top / 100), numpy.rint((a + 128) * shift), numpy.rint((b + 128) * shift)]
        values = numpy.stack(stored, axis=2).astype(numpy.uint16 if bits == 16 else numpy.uint8)
        if bits == 8:
            light8, a8, b8 = numpy.rint(light * 255 / 100) * 100 / 255, numpy.rint(a), numpy.rint(b)
        else:
            light8, a8, b8 = light, a, b
        # mutool of Debian has no colour management.
        name = f"tiff-{'lab' if photometric == LAB else 'icclab'}{bits}.tif"
        cases.add(name, tiff(values, bits, photometric), [lab_to_srgb(light8, a8, b8)], tolerance=2, readers=["poppler"])


def add_refusals(cases):
    def typed(kind, code, size, channels=1):
        values = numpy.arange(HEIGHT * WIDTH * channels).reshape(HEIGHT, WIDTH * channels)
        body = values.astype(code).tobytes()
        tags = tags_for(numpy.zeros((HEIGHT, WIDTH, channels)), size, RGB if channels == 3 else 1)
        tags[339] = (3, [kind] * channels)
        writer = Tiff()
        writer.page(tags, [body])
        return writer.finish()

    for name, kind, code, size, words in (
        ("float16", 3, "<f2", 16, "floating"),
        ("float32", 3, "<f4", 32, "floating"),
        ("float64", 3, "<f8", 64, "floating"),
        ("signed8", 2, "<i1", 8, "signed"),
        ("signed16", 2, "<i2", 16, "signed"),
        ("signed32", 2, "<i4", 32, "signed"),
        ("unsigned32", 1, "<u4", 32, "32 bits"),
        ("complex", 6, "<c8", 64, "complex"),
    ):
        for channels in (1, 3):
            cases.refuse(f"tiff-{name}-{channels}.tif", typed(kind, code, size, channels), "unsupported_format", words)
    values = samples(3, 8)
    for compression, words in ((34925, "LZMA"), (34712, "JPEG 2000"), (34887, "LERC"), (34676, "SGI log"), (32809, "ThunderScan"), (34661, "JBIG"), (50002, "compression 50002"), (52546, "JPEG XL")):
        data = tiff(values, 8, RGB, extra={259: (3, [compression])})
        cases.refuse(f"tiff-compression{compression}.tif", data, "unsupported_format", words)
    whole = copied(cases, "x", tiff(values, 8, RGB), ["-c", "zip", "-r", "5"])
    cases.refuse("tiff-damaged-zip.tif", whole.replace(whole[20:60], bytes(40)), "corrupt_image", "")
    cases.refuse("tiff-cut-off.tif", tiff(values, 8, RGB)[:2000], "corrupt_image", "cut off")


def add(cases):
    for part in (add_gray, add_palette, add_rgb, add_alpha, add_cmyk, add_compressions, add_faxes, add_orientations,
                 add_resolutions, add_pages, add_ycbcr, add_lab, add_refusals):
        part(cases)
