"""The legend of the map on the screen: signs and words once, the rows that show each time."""

from collections.abc import Iterable, Mapping

import numpy as np

from villeactive.collections.collection import Taxonomy
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


def signs(taxonomy: Taxonomy, *, dark: bool) -> dict[str, dict[str, str]]:
    """Sign and words of each row that the legend may show."""
    themes = {
        code: {
            "label": theme.short,
            "svg": symbols.symbol_svg(theme, symbols.LEGEND_SIZE, dark=dark),
        }
        for code, theme in taxonomy.themes.items()
    }
    kinds = {
        code: {
            "label": kind.label,
            "svg": symbols.kind_svg(kind.size, dark=dark),
            "apart": not kind.counted,
        }
        for code, kind in taxonomy.kinds.items()
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
    faded = symbols.symbols_svg(
        taxonomy.theme_list[:2] or (None,), symbols.LEGEND_SIZE, dark=dark, state="faded"
    )
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


def numbers(
    themes: np.ndarray,
    kinds: np.ndarray,
    projects: np.ndarray,
    taxonomy: Taxonomy,
    *,
    faded: bool,
) -> dict[str, int | None]:
    """Count the projects of the matching sites of a map.

    Parameters
    ----------
    themes, kinds
        Of each site, as ranks in the taxonomy (:func:`ranks`).
    projects
        Of each site, as integers: the same for the sites of one project.
    taxonomy
        Of the atlas.
    faded
        Whether other sites of their projects show: a row without a number.

    Returns
    -------
    dict
        Code of each theme and kind that shows → its number of projects. Mentions are counted
        apart, by their kind: a theme that has nothing else shows without a number (None).
    """
    found = {}
    width = projects.max(initial=-1) + 1
    counted = np.array([kind.counted for kind in taxonomy.kind_list], dtype=bool)[kinds]
    for codes, ranked, some in (
        (tuple(taxonomy.themes), themes, counted),
        (tuple(taxonomy.kinds), kinds, slice(None)),
    ):
        seen = np.zeros((len(codes) + 1, width), dtype=bool)  # a project once; the last row: none
        seen[ranked[some], projects[some]] = True
        counts = seen.sum(axis=1).tolist()
        present = set(ranked.tolist())
        found |= {code: counts[i] or None for i, code in enumerate(codes) if i in present}
    return found | ({"faded": None} if faded else {})


def ranks(codes: Iterable[str], known: Iterable[str]) -> np.ndarray:
    """Give the ranks of codes in a list; -1 for what is not in it."""
    known = {code: rank for rank, code in enumerate(known)}
    return np.array([known.get(code, -1) for code in codes], dtype=int)


def counted(drawn: Iterable[Drawn], taxonomy: Taxonomy) -> dict[str, int | None]:
    """Count the projects of the sites drawn, as :func:`numbers` does; faded ones have no number."""
    drawn = list(drawn)
    here = [row.site for row in drawn if row.site.matches]
    _, projects = np.unique([site.project for site in here], return_inverse=True)
    themes = ranks((site.theme for site in here), taxonomy.themes)
    kinds = ranks((site.kind for site in here), taxonomy.kinds)
    faded = any(row.state == "faded" for row in drawn)
    return numbers(themes, kinds, projects, taxonomy, faded=faded)


def rows(
    found: Mapping[str, int | None],
    layers: Iterable[str],
    counts: Mapping[str, int],
    there: Mapping[str, int],
) -> list[list]:
    """Rows of the legend: what is visible, with the number of matching projects or towns.

    A row is ``[code, number]``; ``[code, number, of how many]`` for the towns of a programme of
    which only those of ``there`` are held by the filters.
    """
    found = found | {code: None for code in (*known_programmes(), *BORDERS) if code in layers}
    return [[code, *numbers_of(code, n, counts, there)] for code, n in found.items()]


def numbers_of(
    code: str, counted: int | None, counts: Mapping[str, int], there: Mapping[str, int]
) -> list[int | None]:
    """Give the numbers of a row: the page's own, before those that were counted."""
    if code not in counts:
        return [counted]
    whole = int(counts[code])
    return [int(there[code]), whole] if code in there else [whole]
