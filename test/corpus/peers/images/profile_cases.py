"""Cases of colour profiles in every format that has them."""
import io
import zlib

import numpy
from PIL import Image

from cases import samples
from color import display_p3, dot_gain, managed, press, visible, wide_rgb
from jpeg_cases import cjpeg, cmyk, decoded, icc, insert, run, smooth
from jp2_cases import codestream, jp2
from png_cases import chunk, png
from tiff_cases import BLACK_IS_ZERO, PALETTE, RGB, SEPARATED, copied, tiff

# mutool of Debian has no colour management, so Ghostscript is the second reader.
MANAGED = {"readers": ["poppler", "ghostscript"], "tolerance": 2}
PROFILES = {"p3": display_p3, "wide": wide_rgb}


def gray():
    return 64 + samples(1, 8) // 2


def inks():
    """Few of each ink, since renderers interpolate the table of dark colours in different ways."""
    return samples(4, 8) // 3


def deep(values):
    """The same colours with 16 bits, which some renderers cut to 8."""
    return values.astype(numpy.uint16) * 257


def tag(profile):
    return {34675: (7, profile)}


def add_jpeg(cases):
    for name, profile in PROFILES.items():
        body = profile()
        data = cjpeg(visible(samples(3, 8), body), "-sample", "1x1", "-quality", "100")
        shown = [managed(decoded(data), body)]
        for kind, parts in (("", icc(body)), ("-chunks", icc(body, 200)), ("-reversed", icc(body, 200)[::-1])):
            cases.add(f"profile-jpeg-{name}{kind}.jpg", insert(data, *parts), shown, carried=data, profile=body, **MANAGED)
    body, data = dot_gain(), cjpeg(gray(), "-grayscale")
    shown = [managed(decoded(data)[:, :, None], body)]
    cases.add("profile-jpeg-gray.jpg", insert(data, *icc(body)), shown, carried=data, profile=body, **MANAGED)
    for transform, name in ((None, "unmarked"), (0, "adobe"), (2, "ycck")):
        body, data = press(), cmyk(inks(), transform)
        values = decoded(data) if transform is not None else 255 - decoded(data)
        shown = [managed(values, body)]
        cases.add(f"profile-jpeg-cmyk-{name}.jpg", insert(data, *icc(body)), shown, carried=data, profile=body, **MANAGED)
        arithmetic = insert(run(["jpegtran", "-arithmetic", "-copy", "none"], data), *icc(body))
        if transform is not None:
            cases.add(f"profile-jpeg-cmyk-{name}-arithmetic.jpg", arithmetic, shown, profile=body, **MANAGED)
    # A profile with a missing chunk, one of another colour space, and damaged ones do not count.
    data = cjpeg(smooth(3), "-sample", "1x1")
    for name, parts in (
        ("missing", icc(wide_rgb(), 200)[:-1]),
        ("space", icc(press())),
        ("gray", icc(dot_gain())),
        ("damaged", icc(wide_rgb()[:36] + b"none" + wide_rgb()[40:])),
        ("short", icc(wide_rgb()[:100])),
    ):
        cases.add(f"profile-jpeg-not-{name}.jpg", insert(data, *parts), [decoded(data)], carried=data, profile=b"")


def add_tiff(cases):
    for name, profile in PROFILES.items():
        body = profile()
        values = visible(samples(3, 8), body)
        for bits, stored in ((8, values), (16, deep(values))):
            data = tiff(stored, bits, RGB, extra=tag(body))
            cases.add(f"profile-tiff-{name}-{bits}.tif", data, [managed(values, body)], profile=body, **MANAGED)
    values, body = gray(), dot_gain()
    data = tiff(values, 8, BLACK_IS_ZERO, extra=tag(body))
    cases.add("profile-tiff-gray.tif", data, [managed(values, body)], profile=body, **MANAGED)
    colors = numpy.random.default_rng(8).integers(0, 256, (1, 256, 3)).astype(numpy.uint8)
    palette = visible(colors, wide_rgb())[0]
    extra = {320: (3, [int(value) * 257 for value in palette.T.ravel()]), **tag(wide_rgb())}
    shown = managed(palette[values[:, :, 0]], wide_rgb())
    cases.add("profile-tiff-palette.tif", tiff(values, 8, PALETTE, extra=extra), [shown], profile=wide_rgb(), **MANAGED)
    values, body = inks(), press()
    for planar in (False, True):
        data = tiff(values, 8, SEPARATED, planar=planar, extra=tag(body))
        name = f"profile-tiff-cmyk{'-planar' if planar else ''}.tif"
        cases.add(name, data, [managed(values, body)], profile=body, exact=values.tobytes(), **MANAGED)
    data = copied(cases, "x", tiff(values, 8, SEPARATED, extra=tag(body)), ["-c", "lzw", "-r", "5"])
    cases.add("profile-tiff-cmyk-lzw.tif", data, [managed(values, body)], profile=body, **MANAGED)
    data = tiff(deep(values), 16, SEPARATED, extra=tag(body))
    cases.add("profile-tiff-cmyk16.tif", data, [managed(values, body)], profile=body, **MANAGED)


def add_others(cases):
    body = wide_rgb()
    values = visible(samples(3, 8), body)
    data = png(values, 8, 2, before=chunk(b"iCCP", b"wide\0\0" + zlib.compress(body)))
    cases.add("profile-png.png", data, [managed(values, body)], profile=body, **MANAGED)
    data = png(gray(), 8, 0, before=chunk(b"iCCP", b"gray\0\0" + zlib.compress(dot_gain())))
    cases.add("profile-png-gray.png", data, [managed(gray(), dot_gain())], profile=dot_gain(), **MANAGED)
    target = io.BytesIO()
    Image.fromarray(values).save(target, "WEBP", lossless=True, exact=True, icc_profile=body)
    cases.add("profile-webp.webp", target.getvalue(), [managed(values, body)], profile=body, **MANAGED)
    data = jp2(codestream(cases, values, 8), 3, 8, 0, profile=body)
    cases.add("profile-jp2.jp2", data, [managed(values, body)], profile=body, **MANAGED)


def add(cases):
    for part in (add_jpeg, add_tiff, add_others):
        part(cases)
