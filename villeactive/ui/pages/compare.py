"""Up to four towns side by side: figures on one scale, labels, projects, differences in words."""

from html import escape

import pandas as pd
import streamlit as st

from villeactive.analysis.similar_towns import profile, why
from villeactive.analysis.similarity import FAR_KM, Weights
from villeactive.atlas import Atlas
from villeactive.programmes import known_programmes
from villeactive.text import NBSP, in_departement, number, plural
from villeactive.ui import shell
from villeactive.ui.pages.ma_ville import MOST_COMPARED, Asked, go
from villeactive.ui.parts import blocks
from villeactive.wording.town_facts import ordinal

_FROM_EPCI = 10
_ALONE = {
    "size": Weights(size=1, density=0, role=0, programmes=0),
    "density": Weights(size=0, density=1, role=0, programmes=0),
}
"""One criterion at a time: what it says of the difference."""


def _offered(asked: Asked, towns: pd.DataFrame, atlas: Atlas) -> list[str]:
    """Offer the towns asked for, those alike, the largest of the EPCI, those with projects."""
    own = atlas.communes.loc[asked.code]
    near = atlas.communes[atlas.communes["epci"] == own["epci"]]
    near = near.sort_values("population", ascending=False, kind="stable").index[:_FROM_EPCI]
    sites = atlas.sites.sort_values("town", kind="stable")["code_insee"].dropna()
    every = dict.fromkeys([*asked.compare, *towns.index, *near, *sites])
    return [code for code in every if code != asked.code]


def _choose(asked: Asked) -> None:
    go(asked, compare=tuple(st.session_state["mv-comparer"]))


def show_compare(asked: Asked, towns: pd.DataFrame, atlas: Atlas) -> None:
    """Choose up to three other towns, and show the four side by side."""
    names = {code: _name(code, atlas) for code in _offered(asked, towns, atlas)}
    st.session_state["mv-comparer"] = list(asked.compare)
    st.multiselect(
        "Comparer avec (trois villes au plus)",
        list(names),
        format_func=names.get,
        max_selections=MOST_COMPARED,
        key="mv-comparer",
        placeholder="Les plus ressemblantes",
        on_change=_choose,
        args=(asked,),
        select_all=False,
    )
    others = asked.compare or towns.index[:MOST_COMPARED]
    show_towns([asked.code, *others], atlas, first="votre ville")


def show_towns(codes: list[str], atlas: Atlas, *, first: str) -> None:
    """Show towns side by side; ``first`` says what the one is that others are compared to."""
    st.html(f"<div class='mv-scales'>{''.join(_scales(codes, atlas, first))}</div>")
    st.html(_labels(codes, atlas))
    _show_projects(codes, atlas)


def _name(code: str, atlas: Atlas) -> str:
    row = atlas.communes.loc[code]
    return in_departement(row["name"], row["departement"])


def _scales(codes: list[str], atlas: Atlas, first: str) -> list[str]:
    """Draw each figure of the towns as bars on one scale, the difference in words."""
    profiles = {code: profile(code, atlas) for code in codes}
    for code in codes:
        if not isinstance(atlas.communes.loc[code, "epci"], str):
            # measured as alone in its EPCI, but it has none to be a share of
            profiles[code] = profiles[code].drop(["epci_share", "epci_rank"])
    own = codes[0]

    def drawn_as(title: str, value, said, apart) -> str:
        values = {code: value(profiles[code]) for code in codes}
        rows = [
            (_name(c, atlas), values[c], said(profiles[c]), apart(c) if c != own else first)
            for c in codes
        ]
        return scale(title, rows)

    def only(criterion: str):
        return lambda code: why(own, code, atlas, weights=_ALONE[criterion])

    return [
        drawn_as("Habitants", lambda p: p["population"], lambda p: number(p["population"]),
                 only("size")),
        drawn_as("Habitants par km²", lambda p: p["density"], lambda p: number(p["density"]),
                 only("density")),
        drawn_as("Part de l’intercommunalité", lambda p: p.get("epci_share", 0), _share_said,
                 lambda c: _points(profiles[own], profiles[c])),
        drawn_as("Distance à une ville bien plus grande", _far, _far_said,
                 lambda c: _nearer(profiles[own], profiles[c])),
    ]  # fmt: skip


def scale(title: str, rows: list[tuple[str, float, str, str]], *, own: bool = True) -> str:
    """Draw figures as bars on one scale.

    Parameters
    ----------
    title
        What they count.
    rows
        (name, value, value in words, difference in words), one's own town first.
    own
        Whether the first row is one's own, and stands out.
    """
    largest = max((value for _, value, _, _ in rows), default=0) or 1
    items = "".join(
        f"<li{' class=mv-own' if own and not rank else ''}><span>{escape(name)}</span>"
        f"<b>{escape(said)}</b>"
        f"<span class='mv-track'><span style='width:{100 * value / largest:.1f}%'></span></span>"
        f"<small>{escape(apart)}</small></li>"
        for rank, (name, value, said, apart) in enumerate(rows)
    )
    return f"<section><h3>{escape(title)}</h3><ul>{items}</ul></section>"


def _share_said(figures: pd.Series) -> str:
    if "epci_share" not in figures:
        return "–, hors intercommunalité"
    share = number(100 * figures["epci_share"], decimals=1)
    return f"{share}{NBSP}%, {ordinal(int(figures['epci_rank']))} commune"


def _points(mine: pd.Series, theirs: pd.Series) -> str:
    """Say a difference of shares; nothing when one of the two is outside any EPCI."""
    if not ("epci_share" in mine and "epci_share" in theirs):
        return ""
    gap = 100 * (theirs["epci_share"] - mine["epci_share"])
    if abs(gap) < 1:
        return "même part"
    points = plural(round(abs(gap)), "point")
    return f"{points} de {'plus' if gap > 0 else 'moins'}"


def _far(figures: pd.Series) -> float:
    km = figures["larger_km"]
    return float(km) if km <= FAR_KM else FAR_KM


def _far_said(figures: pd.Series) -> str:
    km = figures["larger_km"]
    return f"{number(km)}{NBSP}km" if km <= FAR_KM else f"plus de {FAR_KM}{NBSP}km"


def _nearer(mine: pd.Series, theirs: pd.Series) -> str:
    """Say a difference of distances."""
    gap = _far(theirs) - _far(mine)
    if abs(gap) < 2:
        return "à peu près la même distance"
    way = "plus loin" if gap > 0 else "plus près"
    if FAR_KM in {_far(mine), _far(theirs)}:
        return f"bien {way}"
    return f"{number(abs(gap))}{NBSP}km {way}"


def _labels(codes: list[str], atlas: Atlas) -> str:
    """Draw who carries which programme, in words."""
    carried = {code: set(atlas.communes.loc[code, "programmes"]) for code in codes}
    columns = [("Programme", ""), *((_name(code, atlas), "") for code in codes)]
    rows = [
        [term.label, *("oui" if programme in carried[c] else "non" for c in codes)]
        for programme, term in known_programmes().items()
        if any(programme in has for has in carried.values())
    ]
    if not rows:
        return "<p class='va-note'>Aucune de ces communes ne porte un programme suivi.</p>"
    table = blocks.grid(columns, rows, label="Programmes portés", total=False)
    return f"<div class='va-wrap mv-labels-grid'>{table}</div>"


def _show_projects(codes: list[str], atlas: Atlas) -> None:
    """Link to the projects of each town."""
    counted = atlas.sites[atlas.sites["counted"].to_numpy()]
    st.markdown("**Leurs projets**")
    without = []
    for code in codes:
        here = counted.loc[counted["code_insee"] == code, "project"].unique()
        if not len(here):
            without.append(_name(code, atlas))
        for project in here:
            words = f"{atlas.sheets[project].title.fr} — {_name(code, atlas)}"
            shell.link(shell.PROJET, shell.markdown(words), query={"projet": str(project)},
                       icon=":material/description:")  # fmt: skip
    if without:
        st.caption(shell.markdown(f"Sans projet{NBSP}: {', '.join(without)}."))
