"""Colour profiles, and the conversion of their colours to sRGB."""
import io
import struct

import numpy
from PIL import Image, ImageCms

RELATIVE_COLORIMETRIC = 1

D50 = (0.9642, 1.0, 0.8249)
P3 = numpy.array([[0.515102, 0.291965, 0.157153], [0.241182, 0.692236, 0.0665819], [-0.00104941, 0.0418818, 0.784378]])
SRGB = numpy.array([[0.436066, 0.385147, 0.143066], [0.222488, 0.716873, 0.0606079], [0.0139160, 0.0970764, 0.714096]])


def linear(values):
    values = values.astype(float) / 255
    return numpy.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def encoded(values):
    values = numpy.clip(values, 0, 1)
    return numpy.rint(255 * numpy.where(values <= 0.0031308, 12.92 * values, 1.055 * values ** (1 / 2.4) - 0.055)).astype(numpy.uint8)


def p3_to_srgb(values):
    return encoded(linear(values) @ (numpy.linalg.inv(SRGB) @ P3).T)


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def managed(values, profile):
    """The colours of a profile as sRGB, converted by Little CMS as viewers of PDF do it by default."""
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[values.shape[2]]
    image = Image.fromarray(values[:, :, 0] if mode == "L" else values, mode)
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    shown = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), RELATIVE_COLORIMETRIC, "RGB")
    return numpy.asarray(shown)


def visible(values, profile):
    """Colours of a profile that are well within sRGB. Renderers round dark and saturated ones in different ways."""
    inside = (72 + values.astype(int) * 128 // 255).astype(numpy.uint8)
    target = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    stored = ImageCms.profileToProfile(Image.fromarray(inside), ImageCms.createProfile("sRGB"), target, RELATIVE_COLORIMETRIC)
    return numpy.asarray(stored)


def tagged(parts, kind, space, connection, version):
    """A profile of tags with their bodies."""
    table, data, start = b"", b"", 132 + 12 * len(parts)
    for tag, body in parts:
        body += bytes(-len(body) % 4)
        table += tag + struct.pack(">II", start + len(data), len(body))
        data += body
    head = struct.pack(">I4sI4s4s4s", start + len(data), b"none", version, kind, space, connection)
    head += bytes(12) + b"acsp" + bytes(28) + b"".join(map(fixed, D50)) + bytes(48)
    return head + struct.pack(">I", len(parts)) + table + data


def names(text):
    """Description and copyright of a profile of version 2."""
    line = text.encode() + b"\0"
    name = b"desc\0\0\0\0" + struct.pack(">I", len(line)) + line + bytes(78)
    return [(b"desc", name), (b"cprt", b"text\0\0\0\0" + line)]


def xyz(column):
    return b"XYZ \0\0\0\0" + b"".join(map(fixed, column))


def gamma(exponent):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(exponent * 256))


def wide_rgb():
    """A profile of version 2 with the primaries of ROMM RGB, which are far outside sRGB."""
    columns = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249))
    parts = [*names("wide"), (b"wtpt", xyz(D50)), *zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(xyz, columns))]
    parts += [(tag, gamma(1.8)) for tag in (b"rTRC", b"gTRC", b"bTRC")]
    return tagged(parts, b"mntr", b"RGB ", b"XYZ ", 0x02100000)


def dot_gain():
    """A profile of gray with the curve of a press."""
    return tagged([*names("gray"), (b"wtpt", xyz(D50)), (b"kTRC", gamma(1.5))], b"prtr", b"GRAY", b"XYZ ", 0x02100000)


def press():
    """A profile of CMYK whose inks differ from those that viewers assume without a profile. It has only a table to Lab."""
    grid = 9
    inks = numpy.stack(numpy.meshgrid(*[numpy.linspace(0, 1, grid)] * 4, indexing="ij"), axis=-1) ** 1.4
    absorbed = numpy.array([(0.95, 0.35, 0.12), (0.2, 0.9, 0.4), (0.03, 0.12, 0.9), (1.0, 1.0, 1.0)])
    reflected = numpy.prod(1 - inks[..., None] * absorbed, axis=-2)
    scaled = reflected @ SRGB.T / numpy.array(D50)
    roots = numpy.where(scaled > 216 / 24389, numpy.cbrt(scaled), (24389 / 27 * scaled + 16) / 116)
    light, a, b = 116 * roots[..., 1] - 16, 500 * (roots[..., 0] - roots[..., 1]), 200 * (roots[..., 1] - roots[..., 2])
    lab = numpy.stack([light * 65280 / 100, (a + 128) * 256, (b + 128) * 256], axis=-1)
    table = numpy.clip(numpy.rint(lab), 0, 65535).astype(">u2").tobytes()
    line = struct.pack(">HH", 0, 65535)
    unit = b"".join(map(fixed, (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    lut = b"mft2\0\0\0\0" + bytes((4, 3, grid, 0)) + unit + struct.pack(">HH", 2, 2) + line * 4 + table + line * 3
    return tagged([*names("press"), (b"wtpt", xyz(D50)), (b"A2B0", lut)], b"prtr", b"CMYK", b"Lab ", 0x02100000)


def display_p3():
    """A profile of version 4 with the curve of sRGB."""
    curve = b"para\0\0\0\0\0\3\0\0" + b"".join(map(fixed, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
    text = "P3".encode("utf-16-be")
    name = b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(text), 28) + text
    parts = [(b"desc", name), (b"cprt", name), (b"wtpt", xyz(D50))]
    parts += [(tag, xyz(P3[:, at])) for at, tag in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))]
    parts += [(tag, curve) for tag in (b"rTRC", b"gTRC", b"bTRC")]
    return tagged(parts, b"mntr", b"RGB ", b"XYZ ", 0x04300000)
