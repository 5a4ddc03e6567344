"""Cases of JPEG. libjpeg writes the images, and this file the segments around them."""
import io
import itertools
import struct
import subprocess

import numpy
from PIL import Image

from cases import orient, samples

EOI = b"\xff\xd9"
# A viewer must not find these in the PDF.
PRIVATE = ["GPSPRIVATE", "XMPPRIVATE", "THUMBPRIVATE", "COMMENTPRIVATE", "IPTCPRIVATE"]
SAMPLINGS = {"444": "1x1", "422": "2x1", "420": "2x2", "440": "1x2", "411": "4x1"}


def segment(code, body):
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def segments(data):
    """The segments before the first scan, and the rest."""
    at, parts = 2, []
    while data[at + 1] != 0xDA:
        length = struct.unpack(">H", data[at + 2 : at + 4])[0] + 2
        parts.append(data[at : at + length])
        at += length
    return parts, data[at:]


def insert(data, *more, before=False):
    """Adds segments after the JFIF segment, or before it."""
    at = 2 if before or data[3] != 0xE0 else 4 + struct.unpack(">H", data[4:6])[0]
    return data[:at] + b"".join(more) + data[at:]


def without(data, *codes):
    parts, rest = segments(data)
    return b"\xff\xd8" + b"".join(part for part in parts if part[1] not in codes) + rest


def jfif(unit, x, y, thumbnail=(0, 0), body=b""):
    return segment(0xE0, b"JFIF\0\1\2" + struct.pack(">BHHBB", unit, x, y, *thumbnail) + body)


def exif(entries, extra=b"", order=">", thumbnail=b""):
    """EXIF with entries of number, type and value. A value of type 5 is a number of hundredths."""
    count, body, rest = len(entries), b"", b""
    start = 8 + 2 + 12 * count + 4
    for tag, kind, value in entries:
        body += struct.pack(order + "HHI", tag, kind, 1)
        if kind == 5:
            body += struct.pack(order + "I", start + len(rest))
            rest += struct.pack(order + "II", round(value * 100), 100)
        else:
            body += struct.pack(order + "HH", value, 0)
    head = (b"MM" if order == ">" else b"II") + struct.pack(order + "HIH", 42, 8, count)
    return segment(0xE1, b"Exif\0\0" + head + body + bytes(4) + rest + extra + thumbnail)


def icc(profile, size=65000):
    chunks = [profile[at : at + size] for at in range(0, len(profile), size)]
    return [segment(0xE2, b"ICC_PROFILE\0" + bytes((at, len(chunks))) + chunk) for at, chunk in enumerate(chunks, 1)]


def run(command, data):
    return subprocess.run(command, input=data, check=True, stdout=subprocess.PIPE).stdout


def cjpeg(values, *options):
    height, width, channels = values.shape
    head = b"P%d %d %d 255\n" % (5 if channels == 1 else 6, width, height)
    return run(["cjpeg", "-quality", "90", *options], head + values.tobytes())


def decoded(data):
    return numpy.asarray(Image.open(io.BytesIO(data)))


def smooth(channels, seed=1):
    """Colours that a JPEG keeps well, with odd sides."""
    values = samples(channels, 8, seed)
    return (values.astype(int) // 2 + 60).astype(numpy.uint8)


def cmyk(values, transform, subsampling=0):
    """A JPEG of CMYK: with Adobe's marker and this transform, or without one. Adobe's files hold inverted samples."""
    stored = values if transform is None else 255 - values
    if transform == 2:
        ycc = numpy.asarray(Image.fromarray(255 - stored[:, :, :3]).convert("YCbCr"))
        stored = numpy.concatenate([ycc, stored[:, :, 3:]], axis=2)
    target = io.BytesIO()
    # Pillow inverts the samples.
    Image.fromarray(255 - stored, "CMYK").save(target, "JPEG", quality=95, subsampling=subsampling)
    adobe = [] if transform is None else [segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes((transform,)))]
    return insert(without(target.getvalue(), 0xE0, 0xEE), *adobe)


def add_processes(cases):
    for channels, kind in ((1, "gray"), *((3, name) for name in SAMPLINGS)):
        values = smooth(channels)
        options = ["-grayscale"] if channels == 1 else ["-sample", SAMPLINGS[kind]]
        kinds = {"baseline": [], "optimized": ["-optimize"], "progressive": ["-progressive"], "restart": ["-restart", "1B"]}
        for name, more in kinds.items():
            data = cjpeg(values, *options, *more)
            cases.add(f"jpeg-{kind}-{name}.jpg", data, [decoded(data)], carried=data)
        for name, more in {"arithmetic": [], "arithmetic-progressive": ["-progressive"]}.items():
            data = run(["jpegtran", "-arithmetic", *more], cjpeg(values, *options))
            cases.add(f"jpeg-{kind}-{name}.jpg", data, [decoded(data)])
    values = smooth(3)
    rgb = cjpeg(values, "-rgb")
    cases.add("jpeg-rgb-adobe.jpg", rgb, [decoded(rgb)], carried=rgb)
    bare = without(rgb, 0xEE)
    cases.add("jpeg-rgb-unmarked.jpg", bare, [decoded(rgb)], carried=bare)
    for quality in (30, 60, 100):
        data = cjpeg(values, "-quality", str(quality))
        cases.add(f"jpeg-quality{quality}.jpg", data, [decoded(data)], carried=data)
    for side in (3, 8, 17):
        data = cjpeg(numpy.ascontiguousarray(values[:side, :side]))
        cases.add(f"jpeg-side{side}.jpg", data, [decoded(data)], carried=data)


def add_cmyk(cases):
    for transform, subsampling in itertools.product((None, 0, 2), (0, 2)):
        data = cmyk(smooth(4), transform, subsampling)
        # Pillow inverts the samples of all files.
        shown = decoded(data) if transform is not None else 255 - decoded(data)
        name = {None: "unmarked", 0: "adobe", 2: "ycck"}[transform]
        cases.add(f"jpeg-cmyk-{name}-{subsampling}.jpg", data, [], readers=[], cmyk=shown, carried=data)
        for process in ("progressive", "arithmetic"):
            copied = run(["jpegtran", f"-{process}"], data)
            if transform is None:
                copied = without(copied, 0xEE)
            carried = None if process == "arithmetic" else copied
            cases.add(f"jpeg-cmyk-{name}-{subsampling}-{process}.jpg", copied, [], readers=[], cmyk=shown, carried=carried)


def add_orientations(cases):
    data = cjpeg(smooth(3))
    for orientation, order in itertools.product(range(10), "<>"):
        name = f"jpeg-orientation{orientation}-{'ii' if order == '<' else 'mm'}.jpg"
        turned = insert(data, exif([(0x112, 3, orientation)], order=order))
        cases.add(name, turned, [orient(decoded(data), orientation)], carried=data)
    damaged = insert(data, segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff"))
    cases.add("jpeg-orientation-damaged.jpg", damaged, [decoded(data)], carried=data)


def add_resolutions(cases):
    data = without(cjpeg(smooth(3)), 0xE0)
    resolution = lambda x, y, unit: exif([(0x11A, 5, x), (0x11B, 5, y), (0x128, 3, unit)])  # noqa: E731
    for name, head, dpi in (
        ("inch", jfif(1, 300, 300), [300, 300]),
        ("centimetre", jfif(2, 118, 118), [299.72, 299.72]),
        ("ratio", jfif(0, 1, 1), [96, 96]),
        ("axes", jfif(1, 204, 98), [204, 98]),
        ("low", jfif(1, 7, 7), [96, 96]),
        ("high", jfif(1, 9600, 9600), [96, 96]),
        ("zero", jfif(1, 0, 0), [96, 96]),
        ("exif-inch", resolution(240, 240, 2), [240, 240]),
        ("exif-centimetre", resolution(118.11, 118.11, 3), [300, 300]),
        ("exif-axes", resolution(300, 150, 2), [300, 150]),
        ("exif-zero", resolution(0, 0, 2), [96, 96]),
        ("both", jfif(1, 150, 150) + resolution(300, 300, 2), [150, 150]),
        ("ratio-exif", jfif(0, 1, 1) + resolution(300, 300, 2), [300, 300]),
        ("none", b"", [96, 96]),
    ):
        # One pixel is one unit only if both resolutions are the same.
        readers = {} if dpi[0] == dpi[1] else {"readers": []}
        cases.add(f"jpeg-resolution-{name}.jpg", insert(data, head, before=True), [decoded(data)], dpi=dpi, **readers)


def add_metadata(cases):
    data = cjpeg(smooth(3))
    small = cjpeg(smooth(3, 2)[:8, :8])
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>XMPPRIVATE</x:xmpmeta>")
    extended = segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + b"XMPPRIVATE")
    jfxx = segment(0xE0, b"JFXX\0\x10" + small + b"THUMBPRIVATE")
    photoshop = segment(0xED, b"Photoshop 3.0\x008BIM\4\4\0\0\0\0\0\x0bIPTCPRIVATE")
    gps = exif([(0x112, 3, 1)], extra=b"GPSPRIVATE", thumbnail=small + b"THUMBPRIVATE")
    for name, parts in {
        "exif": [gps], "xmp": [xmp, extended], "thumbnail": [jfxx], "photoshop": [photoshop],
        "comment": [segment(0xFE, b"COMMENTPRIVATE")], "all": [gps, xmp, jfxx, photoshop, segment(0xFE, b"COMMENTPRIVATE")],
        "other": [segment(code, b"XMPPRIVATE") for code in (*range(0xE3, 0xEE), 0xEF)],
    }.items():
        cases.add(f"jpeg-metadata-{name}.jpg", insert(data, *parts), [decoded(data)], carried=data, absent=PRIVATE)
    before = insert(data, gps, before=True)
    cases.add("jpeg-metadata-before-jfif.jpg", before, [decoded(data)], carried=data, absent=PRIVATE)
    thumbnail = jfif(1, 72, 72, (4, 1), b"THUMBPRIVATE")
    bare = without(data, 0xE0)
    cases.add("jpeg-metadata-jfif-thumbnail.jpg", insert(bare, thumbnail), [decoded(data)], carried=bare, absent=PRIVATE)
    # Between the scans of a progressive image.
    progressive = cjpeg(smooth(3), "-progressive")
    parts, rest = segments(progressive)
    second = rest.index(b"\xff\xc4", 2)
    comment = segment(0xFE, b"COMMENTPRIVATE")
    inside = progressive[: len(progressive) - len(rest) + second] + comment + rest[second:]
    cases.add("jpeg-metadata-inside.jpg", inside, [decoded(progressive)], carried=progressive, absent=PRIVATE)


def add_ends(cases):
    for kind, options in (("baseline", []), ("progressive", ["-progressive"])):
        data = cjpeg(smooth(3), *options)
        shown = [decoded(data)]
        note = "the end marker of its JPEG data was missing and has been added"
        for name, tail in (("eoi", b""), ("half", b"\xff"), ("zeros", bytes(300))):
            cases.add(f"jpeg-end-{kind}-no-{name}.jpg", data[:-2] + tail, shown, carried=data, note=note)
        other = insert(cjpeg(smooth(3, 3)), exif([(0x112, 3, 6)], extra=b"GPSPRIVATE"))
        mpf = segment(0xE2, b"MPF\0MM\0*\0\0\0\x08\0\0" + bytes(4) + b"XMPPRIVATE")
        cases.add(f"jpeg-end-{kind}-mpo.jpg", insert(data, mpf) + other, shown, carried=data, absent=PRIVATE)
        video = b"\0\0\0\x18ftypmp42" + b"GPSPRIVATE" * 200
        cases.add(f"jpeg-end-{kind}-motion.jpg", data + video, shown, carried=data, absent=PRIVATE)
        cases.refuse(f"jpeg-end-{kind}-cut.jpg", data[: len(data) * 2 // 3], "corrupt_image", "cut off")
    filled = data.replace(b"\xff\xda", b"\xff\xff\xff\xda")
    cases.add("jpeg-fill-bytes.jpg", filled, shown, carried=filled)


def add_refusals(cases):
    data = cjpeg(smooth(3))
    frame = data.index(b"\xff\xc0")
    for code, words in ((0xC3, "lossless"), (0xC5, "hierarchical"), (0xC7, "hierarchical"), (0xCB, "lossless"), (0xCD, "hierarchical")):
        changed = data[: frame + 1] + bytes((code,)) + data[frame + 2 :]
        cases.refuse(f"jpeg-process{code:x}.jpg", changed, "unsupported_format", words)
    deep = data[: frame + 4] + b"\x0c" + data[frame + 5 :]
    cases.refuse("jpeg-12bit.jpg", deep, "unsupported_format", "12 bits")


def add(cases):
    for part in (add_processes, add_cmyk, add_orientations, add_resolutions, add_metadata, add_ends, add_refusals):
        part(cases)
