"""Theme colours of a deck, and how any other colour of a map is said from them.

A slide names no ``#RRGGBB``: each colour is one of the ten of the theme, or one of them made
lighter, darker or paler. Choosing a variant in PowerPoint then recolours the map with the rest.
"""

import colorsys
from functools import cache

from villeactive.maps import symbols
from villeactive.maps.scene.print_style import grey, inks
from villeactive.programmes import foremost

_ACCENTS = 6
_PARTS = 100_000
"""A whole, in the thousandths of a percent that DrawingML counts in."""


@cache
def theme_colours(style: str) -> dict[str, str]:
    """Give the colours of the theme part.

    Parameters
    ----------
    style
        ``light`` or ``mono``.

    Returns
    -------
    dict
        ``tx1, bg1, tx2, bg2, accent1``…``accent6`` → ``#RRGGBB``: ink, paper, soft ink, land,
        then the two accents of the atlas, then programmes.
    """
    ink = inks(style)
    marks = symbols.programme_marks()
    signs = [sign.colour for sign in symbols.accents()]
    signs += [marks[code].colour for code in foremost()]
    chosen = [grey(c) if ink.mono else c for c in dict.fromkeys(signs)][:_ACCENTS]
    grounds = {"tx1": ink.ink, "bg1": ink.paper, "tx2": ink.soft, "bg2": ink.land}
    return grounds | {f"accent{rank}": colour for rank, colour in enumerate(chosen, start=1)}


@cache
def colour_xml(colour: str, style: str, *, opacity: float = 1.0) -> str:
    """Say a colour from the theme.

    Parameters
    ----------
    colour
        ``#RRGGBB``.
    style
        ``light`` or ``mono``.
    opacity
        0 to 1.

    Returns
    -------
    str
        An ``a:schemeClr`` element.
    """
    slots = theme_colours(style)
    token = next((name for name, slot in slots.items() if slot == colour), "")
    changes = "" if token else None
    if changes is None:
        token = min(slots, key=lambda name: _distance(slots[name], colour, name))
        changes = _changes(slots[token], colour)
    if opacity < 1:
        changes += f'<a:alpha val="{round(opacity * _PARTS)}"/>'
    if not changes:
        return f'<a:schemeClr val="{token}"/>'
    return f'<a:schemeClr val="{token}">{changes}</a:schemeClr>'


def _hls(colour: str) -> tuple[float, float, float]:
    """Give hue, lightness and saturation, 0 to 1."""
    return colorsys.rgb_to_hls(*symbols.channels(colour))


def _chroma(colour: str) -> float:
    """Tell how far a colour is from grey, 0 to 1."""
    channels = symbols.channels(colour)
    return max(channels) - min(channels)


def _turn(base: float, wanted: float) -> float:
    """Give the shortest way from a hue to another, in turns."""
    return (wanted - base + 0.5) % 1 - 0.5


def _distance(base: str, wanted: str, token: str) -> float:
    """Tell how much a theme colour must be changed to give another; grounds stay grounds."""
    (hue, light, grip), (hue_wanted, light_wanted, grip_wanted) = _hls(base), _hls(wanted)
    cost = abs(light - light_wanted) * 0.3
    if grip_wanted > 0.02:
        # a grey cannot be coloured by making it deeper
        cost += 12 * abs(_turn(hue, hue_wanted)) if grip > 0.02 else 3
    if token.startswith("accent") and _chroma(wanted) < 0.12:
        cost += 0.5
    return cost


def _changes(base: str, wanted: str) -> str:
    """Write what turns a theme colour into another."""
    (hue, light, grip), (hue_wanted, light_wanted, grip_wanted) = _hls(base), _hls(wanted)
    said = []
    if grip > 0.02:
        turn = _turn(hue, hue_wanted)
        if grip_wanted > 0.02 and abs(turn) > 0.003:
            said.append(f'<a:hueOff val="{round(turn * 21_600_000)}"/>')
        said.append(f'<a:satMod val="{round(grip_wanted / grip * _PARTS)}"/>')
    if light_wanted > light:
        kept = (1 - light_wanted) / (1 - light)
        said.append(f'<a:lumMod val="{round(kept * _PARTS)}"/>')
        said.append(f'<a:lumOff val="{round((1 - kept) * _PARTS)}"/>')
    elif light:
        said.append(f'<a:lumMod val="{round(light_wanted / light * _PARTS)}"/>')
    return "".join(said)
