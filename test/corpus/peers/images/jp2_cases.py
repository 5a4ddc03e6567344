"""Cases of JPEG 2000. opj_compress writes the codestreams, and this file the boxes around them."""
import struct
import subprocess

import numpy

from cases import HEIGHT, WIDTH, pack, samples, to8

SRGB, GRAY, SYCC, CMYK = 16, 17, 18, 12


def codestream(cases, values, bits, *options, signed=False, sampling=""):
    """A lossless codestream of planar samples."""
    source, target = cases.path("source.raw"), cases.path("target.j2k")
    planes = values if isinstance(values, list) else [values[:, :, at] for at in range(values.shape[2])]
    kind = ">u2" if bits > 8 else "u1"
    source.write_bytes(b"".join(plane.astype(kind).tobytes() for plane in planes))
    height, width = planes[0].shape
    layout = f"{width},{height},{len(planes)},{bits},{'s' if signed else 'u'}{sampling}"
    command = ["opj_compress", "-i", source, "-o", target, "-F", layout, "-n", "3", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return target.read_bytes()


def box(kind, body):
    return struct.pack(">I", len(body) + 8) + kind + body


def jp2(stream, channels, bits, space, *more, profile=None, size=(WIDTH, HEIGHT)):
    colr = box(b"colr", b"\1\0\0" + struct.pack(">I", space) if profile is None else b"\2\0\0" + profile)
    ihdr = box(b"ihdr", struct.pack(">IIHBBBB", size[1], size[0], channels, bits - 1, 7, 0, 0))
    return (
        box(b"jP  ", b"\r\n\x87\n")
        + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
        + box(b"jp2h", ihdr + colr + b"".join(more))
        + box(b"jp2c", stream)
    )


def cdef(*channels):
    """channels: number, type (0 colour, 1 opacity, 2 premultiplied opacity), what it belongs to."""
    return box(b"cdef", struct.pack(">H", len(channels)) + b"".join(struct.pack(">HHH", *part) for part in channels))


def add_plain(cases):
    for channels, space in ((1, GRAY), (3, SRGB)):
        for bits in (4, 8, 10, 12, 16):
            values = samples(channels, bits)
            shown = to8(values, bits) if channels == 3 else to8(values, bits)[:, :, 0]
            data = jp2(codestream(cases, values, bits), channels, bits, space)
            cases.add(f"jp2-{channels}x{bits}.jp2", data, [shown], tolerance=1 if bits > 8 else 0)
        values = samples(channels, 8)
        shown = values if channels == 3 else values[:, :, 0]
        cases.add(f"jp2-{channels}-bare.j2k", codestream(cases, values, 8), [shown])
        for name, options in (("tiles", ("-t", "16,16")), ("parts", ("-t", "16,16", "-TP", "R")), ("offset", ("-d", "5,3")), ("order", ("-p", "CPRL")), ("mct0", ("-mct", "0"))):
            if channels == 1 and name == "mct0":
                continue
            data = jp2(codestream(cases, values, 8, *options), channels, 8, space)
            cases.add(f"jp2-{channels}-{name}.jp2", data, [shown])
    values = samples(3, 8)
    stream = codestream(cases, values, 8)
    res = box(b"res ", box(b"resd", struct.pack(">HHHHBB", 11811, 1, 11811, 1, 0, 0)))
    cases.add("jp2-resolution.jp2", jp2(stream, 3, 8, SRGB, res), [values], dpi=[300, 300])
    permuted = cdef((0, 0, 3), (1, 0, 2), (2, 0, 1))
    data = jp2(codestream(cases, values[:, :, ::-1], 8, "-mct", "0"), 3, 8, SRGB, permuted)
    cases.add("jp2-permuted.jp2", data, [values])


def add_alpha(cases):
    for channels, space in ((2, GRAY), (4, SRGB)):
        for bits in (8, 16):
            values = samples(channels, bits)
            colors = [(at, 0, at + 1) for at in range(channels - 1)]
            data = jp2(codestream(cases, values, bits), channels, bits, space, cdef(*colors, (channels - 1, 1, 0)))
            eight = to8(values, bits)
            # poppler shows no alpha of deep samples, which stay in the data.
            more = {"readers": ["mutool"]} if bits == 16 else {}
            frame = eight if channels == 4 else eight[:, :, [0, 0, 0, 1]]
            cases.add(f"jp2-{channels}x{bits}-alpha.jp2", data, [frame], tolerance=3 if bits == 16 else 1, **more)
    values = samples(4, 8)
    alpha = values[:, :, 3:].astype(int)
    stored = numpy.concatenate([values[:, :, :3].astype(int) * alpha // 255, alpha], axis=2)
    colors = [(at, 0, at + 1) for at in range(3)]
    data = jp2(codestream(cases, stored, 8), 4, 8, SRGB, cdef(*colors, (3, 2, 0)))
    white = numpy.clip(stored[:, :, :3] + 255 - alpha, 0, 255)
    cases.add("jp2-premultiplied.jp2", data, [white], tolerance=2)
    # Alpha in front of the colours.
    first = values[:, :, [3, 0, 1, 2]]
    data = jp2(codestream(cases, first, 8, "-mct", "0"), 4, 8, SRGB, cdef((0, 1, 0), (1, 0, 1), (2, 0, 2), (3, 0, 3)))
    cases.add("jp2-alpha-first.jp2", data, [values], tolerance=1)


def palette_boxes(palette):
    count, columns = palette.shape
    pclr = box(b"pclr", struct.pack(">HB", count, columns) + b"\7" * columns + palette.astype(numpy.uint8).tobytes())
    return pclr + box(b"cmap", b"".join(struct.pack(">HBB", 0, 1, at) for at in range(columns)))


def add_palette(cases):
    for bits in (4, 8):
        values = samples(1, bits)
        palette = numpy.random.default_rng(bits).integers(0, 256, (1 << bits, 3)).astype(numpy.uint8)
        data = jp2(codestream(cases, values, bits), 1, bits, SRGB, palette_boxes(palette))
        cases.add(f"jp2-palette{bits}.jp2", data, [palette[values[:, :, 0]]])


def add_cmyk(cases):
    values = samples(4, 8)
    data = jp2(codestream(cases, values, 8, "-mct", "0"), 4, 8, CMYK)
    cases.add("jp2-cmyk.jp2", data, [], readers=[], cmyk=values)


def ycc(values):
    y, cb, cr = (values[:, :, at].astype(float) for at in range(3))
    rgb = [y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), y + 1.772 * (cb - 128)]
    return numpy.clip(numpy.rint(numpy.stack(rgb, axis=2)), 0, 255).astype(numpy.uint8)


def add_ycc(cases):
    values = samples(3, 8)
    data = jp2(codestream(cases, values, 8, "-mct", "0"), 3, 8, SYCC)
    cases.add("jp2-sycc.jp2", data, [ycc(values)], tolerance=1)


def add_refusals(cases):
    # opj_compress reads planes of half the size only for even sizes.
    values = samples(3, 8)[: HEIGHT - 1, : WIDTH - 1]
    size = (WIDTH - 1, HEIGHT - 1)
    small = [values[:, :, 0], values[::2, ::2, 1], values[::2, ::2, 2]]
    stream = codestream(cases, small, 8, "-mct", "0", sampling="@1x1:2x2:2x2")
    cases.refuse("jp2-rgb420.jp2", jp2(stream, 3, 8, SRGB, size=size), "unsupported_format", "sizes")
    whole = numpy.stack([small[0], *(numpy.repeat(numpy.repeat(part, 2, 0), 2, 1)for part in small[1:])], axis=2)
    cases.add("jp2-sycc420.jp2", jp2(stream, 3, 8, SYCC, size=size), [ycc(whole)], tolerance=1)
    signed = codestream(cases, samples(1, 8), 8, signed=True)
    cases.refuse("jp2-signed.jp2", jp2(signed, 1, 8, GRAY), "unsupported_format", "signed")
    five = codestream(cases, samples(5, 8), 8, "-mct", "0")
    cases.refuse("jp2-five.jp2", jp2(five, 5, 8, SRGB), "unsupported_format", "channels")
    whole = jp2(codestream(cases, samples(3, 8), 8), 3, 8, SRGB)
    cases.refuse("jp2-cut-off.jp2", whole[:-300], "corrupt_image", "cut off")


def add(cases):
    for part in (add_plain, add_alpha, add_palette, add_cmyk, add_ycc, add_refusals):
        part(cases)
