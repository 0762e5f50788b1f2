"""The name of the atlas with the signs of its first two themes, at the head of every page."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from villeactive.maps.symbols import accents, palette
from villeactive.typography.font_metrics import font_path

_WIDE, _TALL = 150, 32
_SHARP, _FINE = 4, 2
"""Pixels of the picture to one of the page, and of the drawing to one of the picture."""


@cache
def wordmark(*, dark: bool) -> bytes:
    """Draw it as a PNG with a clear ground, served once: an SVG would go along with every run.

    Parameters
    ----------
    dark
        For the dark theme.

    Returns
    -------
    bytes
        600 × 128 pixels, shown 32 high.
    """
    ground, (one, two) = palette(dark=dark), accents(dark=dark)
    scale = _SHARP * _FINE
    image = Image.new("RGBA", (_WIDE * scale, _TALL * scale), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)

    def box(left: float, top: float, right: float, bottom: float) -> list[float]:
        return [value * scale for value in (left, top, right, bottom)]

    draw.ellipse(box(3, 5, 17, 19), fill=one.colour)
    draw.rectangle(box(13.5, 14.5, 25.5, 26.5), fill=ground.halo)
    draw.rectangle(box(14.5, 15.5, 24.5, 25.5), fill=two.colour)
    font = ImageFont.truetype(font_path(600), 20 * scale)
    draw.text((34 * scale, 22 * scale), "Ville active", font=font, fill=ground.ink, anchor="ls")
    stored = io.BytesIO()
    smooth = image.resize((_WIDE * _SHARP, _TALL * _SHARP), Image.Resampling.LANCZOS)
    smooth.save(stored, format="PNG", optimize=True)
    return stored.getvalue()
