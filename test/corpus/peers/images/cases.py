"""Writes a case: an image file, and what its pages have to show."""
import json
import pathlib

import numpy

WIDTH, HEIGHT = 37, 29


class Cases:
    """Collects the cases of a folder, and writes their list as JSON."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.entries = []

    def path(self, name):
        return self.folder / name

    def add(self, name, data, frames, *, tolerance=0, exact=None, cmyk=None, carried=None, profile=None, **more):
        """frames: arrays of RGB or RGBA samples of 8 bits, as a page shows them. exact: the samples in the PDF. carried:
        the bytes of the stream in the PDF. profile: the ICC profile in the PDF, empty for none. more: entries of the list.
        """
        self._write(name, data)
        shown = []
        for at, frame in enumerate(frames):
            pixels = flatten(frame)
            self._write(f"{name}.{at}.rgb", pixels.tobytes())
            shown.append({"width": pixels.shape[1], "height": pixels.shape[0], "pixels": f"{name}.{at}.rgb"})
        entry = {"file": name, "frames": shown, "tolerance": tolerance}
        cmyk = None if cmyk is None else cmyk.tobytes()
        for key, body in (("exact", exact), ("cmyk", cmyk), ("carried", carried), ("profile", profile)):
            if body is not None:
                self._write(f"{name}.{key}", body)
                entry[key] = f"{name}.{key}"
        entry.update(more)
        self.entries.append(entry)

    def refuse(self, name, data, code, words):
        """A file that is refused with an error code, and with words in its message."""
        self._write(name, data)
        self.entries.append({"file": name, "code": code, "words": words})

    def finish(self):
        self._write("cases.json", json.dumps(self.entries, indent=1))

    def _write(self, name, data):
        if data is None:
            return
        path = self.path(name)
        if isinstance(data, str):
            path.write_text(data)
        else:
            path.write_bytes(bytes(data))


def flatten(frame):
    """Shows samples with alpha on white paper."""
    frame = numpy.asarray(frame)
    if frame.ndim == 2:
        frame = numpy.repeat(frame[:, :, None], 3, axis=2)
    if frame.shape[2] == 3:
        return frame.astype(numpy.uint8)
    alpha = frame[:, :, 3:].astype(float) / 255
    return numpy.rint(frame[:, :, :3] * alpha + 255 * (1 - alpha)).astype(numpy.uint8)


def samples(channels, bits, seed=1):
    """Samples of full range with areas, edges and noise."""
    random = numpy.random.default_rng(seed * 1000 + channels * 100 + bits)
    most = (1 << bits) - 1
    noise = random.integers(0, most + 1, (HEIGHT, WIDTH, channels))
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    ramp = (rows * 3 + columns * 5)[:, :, None] * (most / 260) * numpy.arange(1, channels + 1) / channels
    mixed = numpy.where((columns > 12)[:, :, None], noise, numpy.minimum(ramp.astype(int), most))
    mixed[:4, :4] = 0
    mixed[:4, 4:8] = most
    return mixed.astype(numpy.uint16 if bits > 8 else numpy.uint8)


def to8(values, bits):
    """Samples of any depth as viewers show them with 8 bits."""
    return numpy.rint(values.astype(float) * 255 / ((1 << bits) - 1)).astype(numpy.uint8)


def pack(values, bits):
    """Packs the samples of each row, most significant bit first, to whole bytes. 16 bits have the high byte first."""
    rows = values.reshape(values.shape[0], -1)
    if bits == 8:
        return rows.astype(numpy.uint8).tobytes()
    if bits == 16:
        return rows.astype(">u2").tobytes()
    digits = ((rows[:, :, None].astype(int) >> numpy.arange(bits - 1, -1, -1)) & 1).astype(numpy.uint8)
    return numpy.packbits(digits.reshape(rows.shape[0], -1), axis=1).tobytes()


def orient(frame, orientation):
    """Turns stored samples upright for a value of EXIF's tag Orientation."""
    frame = numpy.asarray(frame)
    return {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: numpy.rot90(a, -1),
        7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: lambda a: numpy.rot90(a, 1),
    }.get(orientation, lambda a: a)(frame)
