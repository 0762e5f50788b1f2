"""The name of the atlas with the signs of its first two themes, and the icon of the tab.

Each is a picture that is served once: an SVG would go along with every run.
"""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from villeactive.maps.symbols import ACCENT, SECOND, accents, palette
from villeactive.typography.font_metrics import font_path

_WIDE, _TALL = 150, 32
_SHARP, _FINE = 4, 2
"""Pixels of the picture to one of the page, and of the drawing to one of the picture."""
_SCALE = _SHARP * _FINE
_SIDE = 32


@cache
def wordmark(*, dark: bool) -> bytes:
    """Draw the name as a PNG with a clear ground.

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
    image, draw = _sheet(_WIDE, _TALL)
    draw.ellipse(_box(3, 5, 17, 19), fill=one.colour)
    draw.rectangle(_box(13.5, 14.5, 25.5, 26.5), fill=ground.halo)
    draw.rectangle(_box(14.5, 15.5, 24.5, 25.5), fill=two.colour)
    font = ImageFont.truetype(font_path(600), 20 * _SCALE)
    place = (34 * _SCALE, 22 * _SCALE)
    draw.text(place, "Ville active", font=font, fill=ground.ink, anchor="ls")
    return _png(image)


@cache
def icon() -> bytes:
    """Draw the two signs on a piece of land as a PNG of 128 × 128 pixels, shown 16 or 32 high."""
    image, draw = _sheet(_SIDE, _SIDE)
    draw.rounded_rectangle(_box(0, 0, _SIDE, _SIDE), 6 * _SCALE, fill=palette().land)
    draw.ellipse(_box(5.5, 6.5, 18.5, 19.5), fill=ACCENT.colour)
    draw.rectangle(_box(16, 16, 26, 26), fill=SECOND.colour)
    return _png(image)


def _sheet(wide: int, tall: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Give a clear sheet, and what draws on it."""
    image = Image.new("RGBA", (wide * _SCALE, tall * _SCALE), (0, 0, 0, 0))
    return image, ImageDraw.Draw(image)


def _box(left: float, top: float, right: float, bottom: float) -> list[float]:
    return [value * _SCALE for value in (left, top, right, bottom)]


def _png(drawn: Image.Image) -> bytes:
    """Write a drawing, its edges smooth."""
    stored = io.BytesIO()
    smooth = drawn.resize((drawn.width // _FINE, drawn.height // _FINE), Image.Resampling.LANCZOS)
    smooth.save(stored, format="PNG", optimize=True)
    return stored.getvalue()
