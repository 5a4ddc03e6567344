"""Cases of BMP and ICO."""
import struct

import numpy

from cases import HEIGHT, WIDTH, samples, to8

METRE = 5906  # 150 dpi


def rows_of(values, bits):
    """Packs rows to a multiple of four bytes, the bottom row first."""
    rows = []
    for row in values[::-1]:
        if bits < 8:
            digits = ((row.reshape(-1)[:, None].astype(int) >> numpy.arange(bits - 1, -1, -1)) & 1).ravel()
            data = numpy.packbits(digits.astype(numpy.uint8)).tobytes()
        else:
            data = row.tobytes()
        rows.append(data + b"\0" * (-len(data) % 4))
    return b"".join(rows)


def bmp(body, bits, *, palette=b"", compression=0, masks=b"", size=40, top_down=False, width=WIDTH, height=HEIGHT, colors=0):
    signed = -height if top_down else height
    head = struct.pack("<IiiHHIIiiII", size, width, signed, 1, bits, compression, len(body), METRE, METRE, colors, 0)
    head += masks
    head += b"\0" * (max(size, len(head)) - len(head)) if size > 40 else b""
    start = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + head + palette + body


def palette_of(bits, seed=3):
    return numpy.random.default_rng(seed + bits).integers(0, 256, (1 << bits, 3)).astype(numpy.uint8)


def quads(palette):
    return b"".join(bytes([blue, green, red, 0]) for red, green, blue in palette)


def run_lengths(values, bits, absolute):
    """RLE8 or RLE4 with encoded runs, or with absolute ones of up to 250 pixels."""
    data = b""
    for row in values[::-1, :, 0]:
        row = [int(value) for value in row]
        at = 0
        while at < len(row):
            count = 1
            while at + count < len(row) and row[at + count] == row[at] and count < 255:
                count += 1
            if absolute and len(row) - at >= 3:
                part = row[at:]
                if bits == 8:
                    body = bytes(part)
                else:
                    body = bytes(
                        (part[i] << 4) | (part[i + 1] if i + 1 < len(part) else 0) for i in range(0, len(part), 2)
                    )
                data += bytes([0, len(part)]) + body + b"\0" * (len(body) % 2)
                at = len(row)
            else:
                value = row[at] if bits == 8 else row[at] << 4 | row[at]
                data += bytes([count, value])
                at += count
        data += b"\0\0"
    return data + b"\0\1"


def add_plain(cases):
    for bits in (1, 2, 4, 8):
        values, palette = samples(1, bits), palette_of(bits)
        frame = palette[values[:, :, 0]]
        cases.add(f"bmp-{bits}.bmp", bmp(rows_of(values, bits), bits, palette=quads(palette)), [frame], dpi=[150, 150])
        # The header may count fewer colours.
        few = values % max(2, (1 << bits) - 1)
        used = max(2, (1 << bits) - 1)
        data = bmp(rows_of(few, bits), bits, palette=quads(palette[:used]), colors=used)
        cases.add(f"bmp-{bits}-used.bmp", data, [palette[few[:, :, 0]]])
    for bits in (1, 4, 8):
        values, palette = samples(1, bits), palette_of(bits)
        body = rows_of(values, bits)
        head = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, bits) + b"".join(bytes(color[::-1]) for color in palette)
        data = b"BM" + struct.pack("<IHHI", 14 + len(head) + len(body), 0, 0, 14 + len(head)) + head + body
        cases.add(f"bmp-{bits}-os2.bmp", data, [palette[values[:, :, 0]]])
    values = samples(3, 8)
    for size in (40, 52, 56, 64, 108, 124):
        data = bmp(rows_of(values[:, :, ::-1].copy(), 24), 24, size=size)
        cases.add(f"bmp-24-header{size}.bmp", data, [values], dpi=[150, 150])
    down = bmp(rows_of(values[::-1, :, ::-1].copy(), 24), 24, top_down=True)
    cases.add("bmp-24-top-down.bmp", down, [values])


def add_masks(cases):
    values = samples(4, 8)
    bgra = values[:, :, [2, 1, 0, 3]].copy()
    cases.add("bmp-32.bmp", bmp(rows_of(bgra, 32), 32), [values[:, :, :3]])
    four = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    cases.add("bmp-32-alpha-v4.bmp", bmp(rows_of(bgra, 32), 32, compression=3, masks=four, size=108), [values], tolerance=1)
    cases.add("bmp-32-alpha-v5.bmp", bmp(rows_of(bgra, 32), 32, compression=3, masks=four, size=124), [values], tolerance=1)
    cases.add("bmp-32-alpha-after.bmp", bmp(rows_of(bgra, 32), 32, compression=6, masks=four), [values], tolerance=1)
    other = struct.pack("<III", 0xFF, 0xFF00, 0xFF0000)
    rgbx = values.copy()
    cases.add("bmp-32-masks.bmp", bmp(rows_of(rgbx, 32), 32, compression=3, masks=other), [values[:, :, :3]])
    for name, masks, widths in (("555", None, (5, 5, 5)), ("565", (0xF800, 0x7E0, 0x1F), (5, 6, 5)), ("444", (0xF00, 0xF0, 0xF), (4, 4, 4))):
        parts = [samples(1, width, at)[:, :, 0].astype(int) for at, width in enumerate(widths)]
        packed = (parts[0] << (widths[1] + widths[2])) | (parts[1] << widths[2]) | parts[2]
        frame = numpy.stack([to8(part, width) for part, width in zip(parts, widths)], axis=2)
        more = {} if masks is None else {"compression": 3, "masks": struct.pack("<III", *masks)}
        body = rows_of(packed.astype("<u2")[:, :, None], 16)
        cases.add(f"bmp-16-{name}.bmp", bmp(body, 16, **more), [frame])
    # 10 bits a channel.
    parts = [samples(1, 10, at)[:, :, 0].astype(int) for at in range(3)]
    packed = ((parts[0] << 20) | (parts[1] << 10) | parts[2]).astype("<u4")[:, :, None]
    frame = numpy.stack([to8(part, 10) for part in parts], axis=2)
    masks = struct.pack("<III", 0x3FF << 20, 0x3FF << 10, 0x3FF)
    cases.add("bmp-32-1010102.bmp", bmp(rows_of(packed, 32), 32, compression=3, masks=masks), [frame])


def add_run_lengths(cases):
    for bits, compression in ((8, 1), (4, 2)):
        for absolute in (False, True):
            values, palette = samples(1, bits), palette_of(bits)
            if not absolute:
                values[:, 10:20] = values[:, 10:11]
            body = run_lengths(values, bits, absolute)
            name = f"bmp-rle{bits}{'-absolute' if absolute else ''}.bmp"
            cases.add(name, bmp(body, bits, palette=quads(palette), compression=compression), [palette[values[:, :, 0]]])


def add_icons(cases):
    from png_cases import png

    values = samples(4, 8)[:16, :16].copy()
    small = samples(3, 8, 8)[:8, :8].copy()
    bgra = rows_of(values[:, :, [2, 1, 0, 3]].copy(), 32)
    entry = lambda size, bits, length, start: struct.pack("<BBBBHHII", size, size, 0, 0, 1, bits, length, start)  # noqa: E731

    def bitmap(body, bits, size, palette=b""):
        return struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, bits, 0, 0, 0, 0, 0, 0) + palette + body

    mask = b"\xff\x00\0\0" * 8 + b"\0\0\0\0" * 8
    hidden = numpy.zeros((16, 16, 1), dtype=bool)
    hidden[8:, :8] = True
    first = bitmap(rows_of(small[:, :, ::-1].copy(), 24) + bytes(4 * 8), 24, 8)
    second = bitmap(bgra + mask, 32, 16)
    head = struct.pack("<HHH", 0, 1, 2)
    icon = head + entry(8, 24, len(first), 38) + entry(16, 32, len(second), 38 + len(first)) + first + second
    cases.add("ico-32.ico", icon, [values], tolerance=1)
    for bits in (1, 4, 8):
        indices, palette = samples(1, bits)[:16, :16].copy(), palette_of(bits)
        data = bitmap(rows_of(indices, bits) + mask, bits, 16, quads(palette))
        frame = numpy.concatenate([palette[indices[:, :, 0]], numpy.where(hidden, 0, 255).astype(numpy.uint8)], axis=2)
        cases.add(f"ico-{bits}.ico", struct.pack("<HHH", 0, 1, 1) + entry(16, bits, len(data), 22) + data, [frame])
    data = png(values, 8, 6)
    cases.add("ico-png.ico", struct.pack("<HHH", 0, 1, 1) + entry(16, 32, len(data), 22) + data, [values], tolerance=1)


def add_refusals(cases):
    for compression, words in ((4, "JPEG"), (5, "PNG"), (11, "compression 11")):
        cases.refuse(f"bmp-compression{compression}.bmp", bmp(b"\0" * 400, 24, compression=compression), "unsupported_format", words)
    cases.refuse("bmp-cut-off.bmp", bmp(rows_of(samples(3, 8), 24), 24)[:-400], "corrupt_image", "cut off")
    cases.refuse("bmp-empty.bmp", bmp(b"", 24, width=0), "corrupt_image", "")


def add(cases):
    for part in (add_plain, add_masks, add_run_lengths, add_icons, add_refusals):
        part(cases)
