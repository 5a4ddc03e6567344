"""Cases of PBM, PGM and PPM."""
import numpy

from cases import HEIGHT, WIDTH, pack, samples, to8


def text(values):
    return "\n".join(" ".join(str(int(value)) for value in row.ravel()) for row in values).encode() + b"\n"


def head(kind, most=None, comment=b""):
    return b"P%d\n%s%d %d\n" % (kind, comment, WIDTH, HEIGHT) + (b"%d\n" % most if most else b"")


def add(cases):
    bits = samples(1, 1)
    frame = 255 * (1 - bits[:, :, 0])
    cases.add("pnm-p1.pbm", head(1) + text(bits), [frame])
    cases.add("pnm-p1-dense.pbm", head(1, comment=b"# 1 2 3\n") + text(bits).replace(b" ", b""), [frame])
    cases.add("pnm-p4.pbm", head(4) + pack(bits, 1), [frame])
    for channels, plain, binary, kind in ((1, 2, 5, "pgm"), (3, 3, 6, "ppm")):
        for most in (1, 3, 15, 100, 255, 256, 1023, 4095, 65535):
            values = (samples(channels, 16).astype(int) * most + 32767) // 65535
            eight = numpy.floor(values * 255 / most + 0.5).astype(numpy.uint8)
            shown = eight if channels == 3 else eight[:, :, 0]
            exact = None
            if most > 255:
                exact = pack(numpy.floor(values * 65535 / most + 0.5).astype(numpy.uint16), 16)
            body = values.astype(">u2" if most > 255 else "u1").tobytes()
            more = {"tolerance": 1 if most > 255 else 0, "exact": exact}
            cases.add(f"pnm-p{plain}-{most}.{kind}", head(plain, most) + text(values), [shown], **more)
            cases.add(f"pnm-p{binary}-{most}.{kind}", head(binary, most, b"#\n") + body, [shown], **more)
    cases.refuse("pnm-cut-off.ppm", head(6, 255) + bytes(200), "corrupt_image", "cut off")
    cases.refuse("pnm-maximum.pgm", head(5, 70000) + bytes(4000), "corrupt_image", "header")
