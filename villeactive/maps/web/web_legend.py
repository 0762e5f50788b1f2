"""The legend of the map on the screen: signs and words once, the rows that show each time."""

from collections.abc import Iterable, Mapping

import numpy as np

from villeactive.filtering import is_counted
from villeactive.layers import BORDERS
from villeactive.maps import symbols
from villeactive.maps.web.site_rows import Drawn
from villeactive.programmes import known_programmes
from villeactive.vocabulary import terms


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
        for code, term in known_programmes().items()
    }
    faded = symbols.symbols_svg(tuple(terms("themes"))[:2], "outil", dark=dark, state="faded")
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


def numbers(themes: np.ndarray, kinds: np.ndarray, projects: np.ndarray) -> dict[str, int | None]:
    """Count the projects of the matching sites of a map.

    Parameters
    ----------
    themes, kinds
        Of each site, as ranks in the vocabulary (:func:`ranks`).
    projects
        Of each site, as integers: the same for the sites of one project.

    Returns
    -------
    dict
        Code of each theme and kind that shows → its number of projects. Mentions are counted
        apart, by their kind: a theme that has nothing else shows without a number (None).
    """
    found = {}
    width = projects.max(initial=-1) + 1
    counted = is_counted(terms("kinds"))[kinds]
    for name, ranked, some in (("themes", themes, counted), ("kinds", kinds, slice(None))):
        codes = tuple(terms(name))
        seen = np.zeros((len(codes) + 1, width), dtype=bool)  # a project once; the last row: none
        seen[ranked[some], projects[some]] = True
        counts = seen.sum(axis=1).tolist()
        present = set(ranked.tolist())
        found |= {code: counts[i] or None for i, code in enumerate(codes) if i in present}
    return found


def ranks(codes: Iterable[str], name: str) -> np.ndarray:
    """Give the ranks of codes in a vocabulary; -1 for what is not in it."""
    known = {code: rank for rank, code in enumerate(terms(name))}
    return np.array([known.get(code, -1) for code in codes], dtype=int)


def rows(
    drawn: Iterable[Drawn],
    layers: Iterable[str],
    counts: Mapping[str, int],
    there: Mapping[str, int],
) -> list[list]:
    """Rows of the legend: what is visible, with the number of matching projects or towns.

    A row is ``[code, number]``; ``[code, number, of how many]`` for the towns of a programme of
    which only those of ``there`` are held by the filters.
    """
    drawn = list(drawn)
    here = [row.site for row in drawn if row.site.matches]
    _, projects = np.unique([site.project for site in here], return_inverse=True)
    themes = ranks((site.theme for site in here), "themes")
    found = numbers(themes, ranks((site.kind for site in here), "kinds"), projects)
    if any(row.state == "faded" for row in drawn):
        found["faded"] = None
    found |= {code: None for code in (*known_programmes(), *BORDERS) if code in layers}
    return [[code, *numbers_of(code, n, counts, there)] for code, n in found.items()]


def numbers_of(
    code: str, counted: int | None, counts: Mapping[str, int], there: Mapping[str, int]
) -> list[int | None]:
    """Give the numbers of a row: the page's own, before those that were counted."""
    if code not in counts:
        return [counted]
    whole = int(counts[code])
    return [int(there[code]), whole] if code in there else [whole]
