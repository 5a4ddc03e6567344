"""Cases of GIF and WebP, with one frame and with several."""
import io

import numpy
from PIL import Image, ImageSequence

from cases import samples


def encoded(images, kind, **options):
    target = io.BytesIO()
    first, *others = images
    more = {"save_all": True, "append_images": others, "duration": 100} if others else {}
    first.save(target, kind, **more, **options)
    return target.getvalue()


def shown(data):
    """The frames as Pillow composes them."""
    return [numpy.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(Image.open(io.BytesIO(data)))]


def paletted(seed, transparent=False):
    image = Image.fromarray(samples(1, 4, seed)[:, :, 0], "P")
    palette = numpy.random.default_rng(seed).integers(0, 256, 48).tolist()
    image.putpalette(palette)
    if transparent:
        image.info["transparency"] = 3
    return image


def add(cases):
    for bits in (1, 2, 4, 8):
        image = Image.fromarray(samples(1, bits)[:, :, 0], "P")
        image.putpalette(numpy.random.default_rng(bits).integers(0, 256, 3 << bits).tolist())
        data = encoded([image], "GIF")
        cases.add(f"gif-{bits}.gif", data, shown(data))
    data = encoded([paletted(1)], "GIF", transparency=3)
    cases.add("gif-transparent.gif", data, shown(data))
    for disposal in (0, 1, 2):
        images = [Image.fromarray(samples(4, 8, seed), "RGBA") for seed in range(1, 6)]
        for image in images:
            solid = numpy.asarray(image).copy()
            solid[:, :, 3] = numpy.where(solid[:, :, 3] > 99, 255, 0)
            solid[:, :, :3] &= 0xC0
            image.paste(Image.fromarray(solid, "RGBA"))
        data = encoded(images, "GIF", disposal=disposal)
        cases.add(f"gif-animated{disposal}.gif", data, shown(data))
    for channels in (3, 4):
        images = [Image.fromarray(samples(channels, 8, seed), "RGBA" if channels == 4 else "RGB") for seed in range(1, 5)]
        one = encoded(images[:1], "WEBP", lossless=True, exact=True)
        cases.add(f"webp-{channels}.webp", one, [numpy.asarray(images[0])], tolerance=1)
        data = encoded(images, "WEBP", lossless=True)
        cases.add(f"webp-animated{channels}.webp", data, shown(data), tolerance=2)
    lossy = encoded([Image.fromarray(samples(3, 8), "RGB")], "WEBP", quality=90)
    cases.add("webp-lossy.webp", lossy, shown(lossy), mean=1)
