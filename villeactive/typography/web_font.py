"""The font of the maps for one page that asks for no other file: Latin letters of French only."""

import io
from base64 import b64encode
from functools import cache

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from villeactive.typography.font_metrics import FAMILY, font_path

LETTERS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "ÀÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜŸàâäæçèéêëîïôöœùûüÿñ"
    + "«»‹›…–—‘’“”·•°²³€×÷©−←→\u00a0\u202f"
)
"""What is kept; the rare rest is drawn in a font of the reader's machine."""

_WEIGHTS = (400, 600)


@cache
def font_faces() -> str:
    """Write regular and semibold as rules of a style sheet.

    Returns
    -------
    str
        CSS, about 30 kB; the same each time. Texts are shown at once, in another font if ours is
        not ready.
    """
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-display:swap;'
        f'src:url(data:font/woff;base64,{b64encode(_subset(weight)).decode()})format("woff")}}'
        for weight in _WEIGHTS
    )


def _subset(weight: int) -> bytes:
    """Keep the letters of a face, its kerning and its figures of one width."""
    face = TTFont(font_path(weight), recalcTimestamp=False)
    wanted = Options(
        layout_features=["kern", "tnum"], hinting=False, name_IDs=[], notdef_outline=True
    )
    subsetter = Subsetter(wanted)
    subsetter.populate(text=LETTERS)
    subsetter.subset(face)
    face.flavor = "woff"
    out = io.BytesIO()
    face.save(out)
    return out.getvalue()
