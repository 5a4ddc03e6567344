"""Cases of SVG. Rectangles on whole pixels are drawn here. rsvg-convert renders the rest."""
import base64
import io
import subprocess

import numpy
from PIL import Image

# An image has 300 pixels for 96 pixels of CSS, so that 8 of them are 25.
CELL, PIXELS = 8, 25
WIDTH, HEIGHT = 96, 48
RED, BLUE, GREEN = (200, 40, 10), (30, 60, 190), (20, 150, 70)
NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SIZE = f'width="{WIDTH}" height="{HEIGHT}"'
DPI = [300, 300]
OPTIONS = {"JPEG": {"quality": 100}, "WEBP": {"lossless": True}}
OTHER_FILES = "other files that it refers to were left out"


def color(rgb):
    return "#%02x%02x%02x" % rgb


def rectangle(left, top, width, height, fill, more=""):
    return f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{color(fill)}" {more}/>'


def board(areas, width=WIDTH, height=HEIGHT):
    """Areas of left, top, width, height and colour with alpha on a transparent image."""
    image = numpy.zeros((height // CELL * PIXELS, width // CELL * PIXELS, 4), numpy.uint8)
    image[:, :, :3] = 255
    for left, top, across, down, rgb, *alpha in areas:
        rows = slice(top // CELL * PIXELS, (top + down) // CELL * PIXELS)
        columns = slice(left // CELL * PIXELS, (left + across) // CELL * PIXELS)
        image[rows, columns] = (*rgb, *(alpha or [255]))
    return image


AREAS = [(0, 0, 96, 48, RED), (8, 16, 32, 24, BLUE), (56, 8, 16, 8, GREEN)]
BODY = "".join(rectangle(*area) for area in AREAS)
# The same in cells of a view box.
CELLS = "".join(rectangle(*[number // CELL for number in area[:4]], area[4]) for area in AREAS)
FRAME = board(AREAS)


def svg(body, size=SIZE, more="", before=""):
    return f"{before}<svg {NAMESPACES} {size} {more}>{body}</svg>".encode()


def uri(kind, data):
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def raster(kind, rgb, side=16):
    target = io.BytesIO()
    Image.fromarray(numpy.full((side, side, 3), rgb, numpy.uint8)).save(target, kind, **OPTIONS.get(kind, {}))
    return target.getvalue()


def add_sizes(cases):
    boxed = 'viewBox="0 0 12 6"'
    for name, width, height in (
        ("px", "96px", "48px"), ("in", "1in", "0.5in"), ("cm", "2.54cm", "1.27cm"), ("mm", "25.4mm", "12.7mm"),
        ("pt", "72pt", "36pt"), ("pc", "6pc", "3pc"), ("number", "96", "48"), ("exponent", "9.6e1", "4.8e1"),
    ):
        size = f'width="{width}" height="{height}"'
        cases.add(f"svg-size-{name}.svg", svg(CELLS, size, boxed), [FRAME], dpi=DPI)
    view = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    for name, size in (("none", ""), ("percent", 'width="100%" height="100%"'), ("width", f'width="{WIDTH}"'), ("height", f'height="{HEIGHT}"')):
        cases.add(f"svg-box-{name}.svg", svg(BODY, size, view), [FRAME], dpi=DPI)
    cases.add("svg-plain.svg", svg(BODY), [FRAME], dpi=DPI)
    shifted = svg(f'<g transform="translate(-40 8)">{BODY}</g>', more=f'viewBox="-40 8 {WIDTH} {HEIGHT}"')
    cases.add("svg-box-offset.svg", shifted, [FRAME], dpi=DPI)
    square = 'width="96" height="96"'
    inside = board([(left, top + 24, *rest) for left, top, *rest in AREAS], 96, 96)
    cases.add("svg-ratio-meet.svg", svg(BODY, square, view), [inside], dpi=DPI)
    top = board(AREAS, 96, 96)
    cases.add("svg-ratio-min.svg", svg(BODY, square, f'{view} preserveAspectRatio="xMidYMin"'), [top], dpi=DPI)
    stretched = board([(left, 2 * top, width, 2 * height, rgb) for left, top, width, height, rgb in AREAS], 96, 96)
    cases.add("svg-ratio-none.svg", svg(BODY, square, f'{view} preserveAspectRatio="none"'), [stretched], dpi=DPI)
    sliced = board([(2 * (left - 24), 2 * top, 2 * width, 2 * height, rgb) for left, top, width, height, rgb in
                    [(24, 0, 48, 48, RED), (24, 16, 16, 24, BLUE), (56, 8, 16, 8, GREEN)]], 96, 96)
    cases.add("svg-ratio-slice.svg", svg(BODY, square, f'{view} preserveAspectRatio="xMidYMid slice"'), [sliced], dpi=DPI)
    nested = svg(f'<svg x="0" y="0" {SIZE} {view}>{BODY}</svg>')
    cases.add("svg-nested.svg", nested, [FRAME], dpi=DPI)
    large = svg(BODY, 'width="960" height="480"', view)
    enlarged = numpy.repeat(numpy.repeat(FRAME, 10, axis=0), 10, axis=1)
    cases.add("svg-large.svg", large, [enlarged], dpi=DPI, readers=["mutool"])
    cases.refuse("svg-size-huge.svg", svg(BODY, 'width="20000" height="20000"'), "too_many_pixels", "")
    cases.refuse("svg-size-zero.svg", svg(BODY, 'width="0" height="0"'), "corrupt_image", "")


def add_markup(cases):
    heads = {
        "declaration": '<?xml version="1.0" encoding="UTF-8"?>\n', "comment": "<!-- <svg> -->\n",
        "doctype": '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n',
        "bom": "\ufeff", "space": " \n\t ",
    }
    for name, head in heads.items():
        data = svg(BODY, before=head) if name != "space" else svg(BODY) + b" \n\t "
        cases.add(f"svg-head-{name}.svg", data, [FRAME], dpi=DPI)
    latin = svg(f"<title>Stra\xdfe</title>{BODY}", before='<?xml version="1.0" encoding="ISO-8859-1"?>').decode()
    cases.add("svg-head-latin1.svg", latin.encode("latin-1"), [FRAME], dpi=DPI)
    prefixed = svg(BODY).decode().replace("<svg", "<svg:svg").replace("</svg", "</svg:svg").replace("<rect", "<svg:rect").replace("xmlns=", "xmlns:svg=")
    cases.add("svg-head-prefix.svg", prefixed.encode(), [FRAME], dpi=DPI)
    style = f"<style>.a {{ fill: {color(RED)} }} #b {{ fill: {color(BLUE)} }} rect {{ stroke: none }}</style>"
    rules = '<rect class="a" width="96" height="48"/><rect id="b" x="8" y="16" width="32" height="24"/>'
    cases.add("svg-style.svg", svg(style + rules + rectangle(*AREAS[2])), [FRAME], dpi=DPI)
    reused = f'<defs><g id="all">{BODY}</g></defs><use xlink:href="#all"/>'
    cases.add("svg-use.svg", svg(reused), [FRAME], dpi=DPI)
    hidden = BODY + rectangle(0, 0, 96, 48, GREEN, 'display="none"') + rectangle(0, 0, 96, 48, GREEN, 'visibility="hidden"')
    cases.add("svg-hidden.svg", svg(hidden), [FRAME], dpi=DPI)


def add_alpha(cases):
    clear = [AREAS[1], AREAS[2]]
    cases.add("svg-alpha-clear.svg", svg("".join(rectangle(*area) for area in clear)), [board(clear)], dpi=DPI)
    cases.add("svg-alpha-empty.svg", svg(""), [board([])], dpi=DPI)
    for name, more in (("fill", 'fill-opacity="0.5"'), ("opacity", 'opacity="0.5"')):
        shown = board([(8, 16, 32, 24, BLUE, 128)])
        cases.add(f"svg-alpha-{name}.svg", svg(rectangle(8, 16, 32, 24, BLUE, more)), [shown], tolerance=2, dpi=DPI)


def add_rasters(cases):
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        data = raster(kind, RED)
        place = 'x="8" y="8" width="32" height="16" preserveAspectRatio="none"'
        for name, attribute in (("xlink", "xlink:href"), ("href", "href")):
            body = rectangle(0, 0, 96, 48, BLUE) + f'<image {place} {attribute}="{uri(kind.lower(), data)}"/>'
            shown = board([(0, 0, 96, 48, BLUE), (8, 8, 32, 16, RED)])
            tolerance = 2 if kind == "JPEG" else 0
            cases.add(f"svg-raster-{kind.lower()}-{name}.svg", svg(body), [shown], tolerance=tolerance, dpi=DPI)


def add_references(cases):
    """What refers to something else than the document is left out."""
    outer = rectangle(0, 0, 96, 48, BLUE)
    shown = [board([(0, 0, 96, 48, BLUE)])]
    other, picture = cases.path("other.svg"), cases.path("other.png")
    other.write_bytes(svg(f'<g id="a">{rectangle(0, 0, 96, 48, RED)}</g>'))
    picture.write_bytes(raster("PNG", RED))
    sheet = cases.path("other.css")
    sheet.write_text(f"rect {{ fill: {color(RED)} !important }}")
    all_over = 'x="0" y="0" width="96" height="48" preserveAspectRatio="none"'
    paths = {"file": lambda path: f"file://{path.resolve()}", "absolute": lambda path: str(path.resolve()), "relative": lambda path: path.name, "http": lambda path: f"http://127.0.0.1:9/{path.name}"}
    for name, path in paths.items():
        for kind, body in {
            "image": f'<image {all_over} xlink:href="{path(picture)}"/>',
            "svg": f'<image {all_over} xlink:href="{path(other)}"/>',
            "use": f'<use xlink:href="{path(other)}#a"/>',
            "filter": f'<filter id="f"><feImage xlink:href="{path(picture)}"/></filter><rect width="96" height="48" filter="url(#f)"/>',
            "import": f'<style>@import url("{path(sheet)}");</style>{outer}',
            "include": f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{path(other)}"/>',
        }.items():
            cases.add(f"svg-outside-{kind}-{name}.svg", svg(outer + body), shown, dpi=DPI, note=OTHER_FILES)
        sheets = f'<?xml-stylesheet type="text/css" href="{path(sheet)}"?>'
        cases.add(f"svg-outside-stylesheet-{name}.svg", svg(outer, before=sheets), shown, dpi=DPI, note=OTHER_FILES)
        entity = f'<!DOCTYPE svg [<!ENTITY a SYSTEM "{path(other)}">]>'
        cases.refuse(f"svg-outside-entity-{name}.svg", svg(f"{outer}&a;", before=entity), "unsupported_format", "entities")
        subset = f'<!DOCTYPE svg SYSTEM "{path(other)}">'
        cases.add(f"svg-outside-subset-{name}.svg", svg(outer, before=subset), shown, dpi=DPI)
        inner = uri("svg+xml", svg(f'<image {all_over} xlink:href="{path(picture)}"/>'))
        cases.add(f"svg-outside-inner-{name}.svg", svg(f'{outer}<image {all_over} xlink:href="{inner}"/>'), shown, dpi=DPI)
    script = f'<script>document.documentElement.innerHTML = \'{rectangle(0, 0, 96, 48, RED)}\'</script>'
    cases.add("svg-script.svg", svg(outer + script), shown, dpi=DPI)
    cases.add("svg-script-onload.svg", svg(outer, more='onload="document.rootElement.remove()"'), shown, dpi=DPI)
    html = '<foreignObject width="96" height="48"><body xmlns="http://www.w3.org/1999/xhtml" style="background:red">a</body></foreignObject>'
    cases.add("svg-foreign-object.svg", svg(outer + html), shown, dpi=DPI)
    plain = f'<!DOCTYPE svg [<!ENTITY blue "{color(BLUE)}">]>'
    cases.add("svg-entity-plain.svg", svg('<rect width="96" height="48" fill="&blue;"/>', before=plain), shown, dpi=DPI)
    bomb = "<!DOCTYPE svg [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]>"
    cases.refuse("svg-entity-nested.svg", svg("&b;", before=bomb), "unsupported_format", "entities")
    loop = '<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>'
    cases.add("svg-use-loop.svg", svg(outer + loop), shown, dpi=DPI)
    cases.refuse("svg-cut-off.svg", svg(BODY)[:-40], "corrupt_image", "")


def add_drawings(cases):
    """What has curves, compared with rsvg-convert."""
    gradient = f'<linearGradient id="g"><stop offset="0" stop-color="{color(RED)}"/><stop offset="1" stop-color="{color(BLUE)}"/></linearGradient>'
    radial = f'<radialGradient id="g"><stop offset="0" stop-color="{color(RED)}"/><stop offset="1" stop-color="{color(BLUE)}" stop-opacity="0"/></radialGradient>'
    filled = '<rect x="5" y="5" width="80" height="38" fill="url(#g)"/>'
    for name, body in {
        "circle": f'<circle cx="30" cy="24" r="17" fill="{color(GREEN)}"/>',
        "path": f'<path d="M5 40C20 0 60 0 90 40Z" fill="none" stroke="{color(RED)}" stroke-width="3" stroke-dasharray="7 3"/>',
        "linear": gradient + filled, "radial": radial + filled,
        "clip": f'<clipPath id="c"><circle cx="48" cy="24" r="20"/></clipPath><g clip-path="url(#c)">{BODY}</g>',
        "mask": f'<mask id="m"><ellipse cx="48" cy="24" rx="40" ry="20" fill="#aaa"/></mask><g mask="url(#m)">{BODY}</g>',
        "blur": f'<filter id="f"><feGaussianBlur stdDeviation="3"/></filter><g filter="url(#f)">{BODY}</g>',
        "pattern": f'<pattern id="p" width="8" height="8" patternUnits="userSpaceOnUse"><circle cx="4" cy="4" r="3" fill="{color(RED)}"/></pattern><rect width="96" height="48" fill="url(#p)"/>',
        "turned": f'<g transform="rotate(20 48 24) scale(0.6)">{BODY}</g>',
        "marker": f'<marker id="k" markerWidth="4" markerHeight="4" refX="2" refY="2"><circle cx="2" cy="2" r="2"/></marker><path d="M9 9L80 40" stroke="black" stroke-width="2" marker-end="url(#k)"/>',
    }.items():
        data = svg(body)
        command = ["rsvg-convert", "--width", "300", "--height", "150"]
        rendered = subprocess.run(command, input=data, check=True, stdout=subprocess.PIPE).stdout
        shown = numpy.asarray(Image.open(io.BytesIO(rendered)).convert("RGBA"))
        cases.add(f"svg-drawing-{name}.svg", data, [shown], mean=1, dpi=DPI)


def add(cases):
    for part in (add_sizes, add_markup, add_alpha, add_rasters, add_references, add_drawings):
        part(cases)
