"""The legend of the map on the screen: signs and words once, the rows that show each time."""

from collections.abc import Iterable, Mapping

from villeactive.maps import symbols
from villeactive.maps.web_sites import PROGRAMMES, Drawn
from villeactive.vocabulary import terms

BORDERS = ("epci", "departements", "communes")
"""Layers that are outlines, in the order of the legend."""


def inline(svg: str) -> str:
    """Shorten an SVG that goes into a page: no namespace, quotes that JSON leaves alone.

    Its element says there what it is, or that it is decoration.
    """
    for part in (' xmlns="http://www.w3.org/2000/svg"', ' aria-hidden="true"'):
        svg = svg.replace(part, "")
    return svg.replace('"', "'")


def signs(*, dark: bool) -> dict[str, dict[str, str]]:
    """Sign and words of each row that the legend may show."""
    themes = {
        code: {"label": term.short, "svg": symbols.symbol_svg(code, "outil", dark=dark)}
        for code, term in terms("themes").items()
    }
    kinds = {
        code: {"label": term.label, "svg": symbols.kind_svg(code, dark=dark)}
        for code, term in terms("kinds").items()
    }
    programmes = {
        code: {
            "label": term.label,
            "short": term.short,
            "svg": symbols.town_svg((code,), dark=dark),
            "unit": "communes",
            "title": term.meaning,
        }
        for code, term in terms("programmes").items()
    }
    faded = symbols.symbol_svg(None, "outil", dark=dark, state="faded")
    kinds["faded"] = {"label": "Autre lieu d’un projet retenu", "svg": faded}
    borders = {
        code: {"label": term.label, "svg": symbols.line_svg(code, dark=dark), "title": term.meaning}
        for code, term in terms("layers").items()
        if code in BORDERS
    }
    groups = (themes, kinds, programmes, borders)
    return {
        code: row | {"svg": inline(row["svg"]), "group": i}
        for i, rows in enumerate(groups)
        for code, row in rows.items()
    }


def rows(drawn: Iterable[Drawn], layers: Iterable[str], counts: Mapping[str, int]) -> list[list]:
    """Rows of the legend: what is visible, with the number of matching projects or towns."""
    drawn = list(drawn)
    here = [row.site for row in drawn if row.site.matches]
    # mentions are counted apart: a theme's number is that of its projects
    kinds = {code for code, term in terms("kinds").items() if term.counted}
    counted = [site for site in here if site.kind in kinds]
    found_rows = []
    for column, name, some in (("theme", "themes", counted), ("kind", "kinds", here)):
        found: dict[str, set[str]] = {}
        for site in some:
            found.setdefault(getattr(site, column), set()).add(site.project)
        present = {getattr(site, column) for site in here}
        found_rows += [
            [c, len(found[c]) if c in found else None] for c in terms(name) if c in present
        ]
    if any(row.state == "faded" for row in drawn):
        found_rows.append(["faded", None])
    found_rows += [[code, None] for code in (*PROGRAMMES, *BORDERS) if code in layers]
    return [[code, int(counts[code]) if code in counts else number] for code, number in found_rows]
