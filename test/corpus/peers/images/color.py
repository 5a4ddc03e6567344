"""Colour profiles, and the conversion of their colours to sRGB."""
import struct

import numpy

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


def display_p3():
    """A profile of version 4 with the curve of sRGB."""
    curve = b"para\0\0\0\0\0\3\0\0" + b"".join(map(fixed, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
    xyz = lambda column: b"XYZ \0\0\0\0" + b"".join(map(fixed, column))  # noqa: E731
    text = "P3".encode("utf-16-be")
    name = b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(text), 28) + text
    parts = [(b"desc", name), (b"cprt", name), (b"wtpt", xyz((0.9642, 1.0, 0.8249)))]
    parts += [(tag, xyz(P3[:, at])) for at, tag in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))]
    parts += [(tag, curve) for tag in (b"rTRC", b"gTRC", b"bTRC")]
    table, data, start = b"", b"", 132 + 12 * len(parts)
    for tag, body in parts:
        body += bytes(-len(body) % 4)
        table += tag + struct.pack(">II", start + len(data), len(body))
        data += body
    head = struct.pack(">I4sI4s4s4s", start + len(data), b"none", 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + b"".join(map(fixed, (0.9642, 1.0, 0.8249))) + bytes(48)
    return head + struct.pack(">I", len(parts)) + table + data
