"""Files of a drawn map: SVG, PDF and PNG of one and the same scene.

The SVG is the drawing. The PDF is that drawing in a tagged page (PDF/UA-1) whose title, legend
and sources are real text; the PNG is the drawing at a resolution. Same scene and same date: same
bytes.
"""

import datetime
import json
import re
import struct
import zlib

import typst

from villeactive.maps.render.svg import scene_svg
from villeactive.maps.scene.layout import check_dpi
from villeactive.maps.scene.spec import Scene, Text
from villeactive.typography.font_metrics import FAMILY
from villeactive.typography.typst_pdf import drawable, fonts, placed

_KEPT = 12
_EPOCH = datetime.datetime(2000, 1, 1)
_PAGE = """#let page-data = json("page.json")
#set document(title: page-data.title, author: "Ville active", date: DATE)
#set page(width: page-data.width * 1pt, height: page-data.height * 1pt, margin: 0pt, fill: rgb(page-data.ground))
#set text(font: "FAMILY", lang: "fr", top-edge: "baseline", bottom-edge: "baseline", hyphenate: false)
#set par(spacing: 0pt)
#show heading: it => it.body
#let words(t) = place(top + left, dx: t.x * 1pt, dy: t.y * 1pt, {
  set par(leading: t.leading * 1pt)
  set text(size: t.size * 1pt, weight: t.weight, fill: rgb(t.colour))
  let body = t.lines.map(line => [#line]).join(linebreak())
  show heading: set text(size: t.size * 1pt, weight: t.weight)
  if t.role == "title" { heading(level: 1, body) }
  else if t.role == "link" { link(t.lines.join(""), body) }
  else { body }
})
#for t in page-data.before { words(t) }
#place(top + left, image("map.svg", width: page-data.width * 1pt, alt: page-data.alt))
#for t in page-data.after { words(t) }
"""  # noqa: E501
_PICTURE = """#set page(width: WIDTHpt, height: HEIGHTpt, margin: 0pt, fill: FILL)
#image("map.svg", width: WIDTHpt, height: HEIGHTpt, fit: "stretch")
"""


def to_svg(scene: Scene) -> bytes:
    """Write a scene as SVG: real text, the font with it, one named group a layer."""
    return scene_svg(scene, font=True)


def to_pdf(scene: Scene) -> bytes:
    """Write a scene as a vector PDF: fonts embedded, tagged (PDF/UA-1), title and language set."""
    legend = [item for item in scene.layer("legende") if isinstance(item, Text)]
    foot = [item for item in scene.layer("sources") if isinstance(item, Text)]
    page = {
        "title": drawable(scene.title),
        "alt": drawable(scene.description),
        "width": scene.width,
        "height": scene.height,
        "ground": scene.ground,
        "before": [placed(i) for i in scene.layer("titre") if isinstance(i, Text)],
        "after": [placed(item) for item in (*legend, *foot)],
    }
    when = _day(scene)
    stamp = f"datetime(year: {when.year}, month: {when.month}, day: {when.day})"
    files = {
        "main.typ": _PAGE.replace("DATE", stamp).replace("FAMILY", FAMILY).encode(),
        "map.svg": scene_svg(scene, words=False),
        "page.json": json.dumps(page, ensure_ascii=False).encode(),
    }
    return typst.compile(files, format="pdf", pdf_standards=["ua-1"], **_settings())


def to_png(scene: Scene, *, dpi: int = 300) -> bytes:
    """Write a scene as PNG.

    Parameters
    ----------
    scene
        What is drawn.
    dpi
        Pixels per inch, 96 to 600: a slide of 13,333 × 7,5 inches has 4 000 × 2 250 at 300.

    Raises
    ------
    UnknownValueError
        The resolution is out of bounds.
    """
    check_dpi(dpi)
    return _described(pixels(scene, scene_svg(scene), dpi=dpi), scene, dpi)


def pixels(scene: Scene, svg: bytes, *, dpi: int, ground: bool = True) -> bytes:
    """Draw a drawing of a scene as PNG; without ``ground`` what it leaves bare is transparent."""
    wide, tall = (round(side * dpi / 72) for side in (scene.width, scene.height))
    # hardly less than whole pixels: of a hair more, typst draws one row or column too many, and
    # drops the one in the middle
    width, height = ((side - 0.02) * 72 / dpi for side in (wide, tall))
    source = _PICTURE.replace("WIDTH", f"{width:.9f}").replace("HEIGHT", f"{height:.9f}")
    source = source.replace("FILL", "auto" if ground else "none")
    files = {"main.typ": source.encode(), "map.svg": _resized(svg, wide, tall - 0.01)}
    drawn = typst.compile(files, format="png", ppi=float(dpi), **_settings())
    _forget()
    return drawn


def _resized(svg: bytes, width: float, height: float) -> bytes:
    """Give a drawing the proportions of its pixels, which are not quite its own."""
    size = f'width="{width:g}" height="{height:.2f}" preserveAspectRatio="none"'
    made, found = re.subn(rb'width="[^"]+" height="[^"]+"', size.encode(), svg, count=1)
    assert found
    return made


def _settings() -> dict:
    """Give what every compilation is told: our fonts only."""
    return {"font_paths": fonts()}


def _forget() -> None:
    """Let typst drop its last pictures (36 MB each at 300 dpi): it keeps ten compilations' worth.

    An empty compilation takes 1 ms; without these, a server would hold 450 MB more for nothing.
    """
    for _ in range(_KEPT):
        typst.compile(b"", format="pdf", **_settings())


def _day(scene: Scene) -> datetime.datetime:
    """Give the date of a map; a fixed one when it bears none, so that bytes do not change."""
    return datetime.datetime.fromisoformat(scene.spec.date) if scene.spec.date else _EPOCH


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Make one chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _described(png: bytes, scene: Scene, dpi: int) -> bytes:
    """Add resolution, title, sources and date to a PNG, after its header."""
    per_metre = round(dpi / 0.0254)
    said = {
        "Title": scene.title,
        "Description": scene.description,
        "Source": scene.sources,
        "Software": "Ville active",
    }
    if scene.spec.date:
        said["Creation Time"] = scene.spec.date
    chunks = [_chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))]
    chunks += [
        _chunk(b"iTXt", key.encode() + b"\0\0\0fr\0\0" + value.encode())
        for key, value in said.items()
    ]
    header = 8 + 25  # signature, IHDR with its length, name and sum
    rest = png[header:]
    if rest[4:8] == b"pHYs":
        rest = rest[21:]
    return png[:header] + b"".join(chunks) + rest
