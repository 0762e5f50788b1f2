"""Scenes as the pages of one PDF: maps drawn, titles, lists and sources as tagged text."""

from collections.abc import Sequence

from villeactive.maps.render.svg import scene_svg
from villeactive.maps.scene.layout import layout
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import Scene, Text
from villeactive.typography.font_metrics import FAMILY
from villeactive.typography.typst_pdf import compile_pdf, day_of, placed, printable

_WORDS = ("titre", "legende", "sources")


def scenes_to_pdf(scenes: Sequence[Scene], *, title: str = "", date: str | None = None) -> bytes:
    """Write scenes of one size as the pages of a PDF.

    Parameters
    ----------
    scenes
        One or more.
    title
        Title of the document; that of the first scene by default.
    date
        ISO day of the document; that of the first scene by default.

    Returns
    -------
    bytes
        PDF/UA-1, fonts embedded; same scenes, same bytes.
    """
    first = scenes[0]
    files = {f"map-{k}.svg": scene_svg(scene, words=False) for k, scene in enumerate(scenes)}
    data = {
        "title": title or first.title,
        "date": day_of(date or first.spec.date),
        "font": FAMILY,
        "width": first.width,
        "height": first.height,
        "pages": [_page(scene, k) for k, scene in enumerate(scenes)],
    }
    return compile_pdf("pages.typ", data, name="pages.json", files=files)


def _page(scene: Scene, rank: int) -> dict:
    """Describe a page: its map, and the words that stand before and after it."""
    before, *after = (
        [placed(item) for item in scene.layer(name) if isinstance(item, Text)] for name in _WORDS
    )
    return {
        "map": f"map-{rank}.svg",
        "alt": printable(scene.description),
        "ground": scene.ground,
        "soft": inks(scene.spec.style).soft,
        "number": rank + 1,
        "margin": layout(scene.spec.layout).margin,
        "before": before,
        "after": [text for group in after for text in group],
    }
