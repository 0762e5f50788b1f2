"""The page « Ma ville »: what its address says, its figures, its weights and its brief."""

from dataclasses import dataclass, replace
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from villeactive.analysis.proximity import current_code
from villeactive.analysis.similarity import CRITERIA, EVEN, LEVELS, Weights
from villeactive.atlas import Atlas
from villeactive.documents.brief import brief_pdf, note_of, visits_pptx
from villeactive.documents.brief_slides import brief_pptx
from villeactive.documents.map_files import KINDS
from villeactive.errors import UnknownValueError
from villeactive.kept_with import kept_with_first
from villeactive.selection import DEFAULT_WITHIN_KM
from villeactive.text import NBSP, enumeration, typographic, within
from villeactive.ui import address, shell
from villeactive.ui.export_queue import place
from villeactive.ui.own_files import style
from villeactive.ui.pages import commune, shortlist
from villeactive.ui.parts import blocks, finder, html_parts
from villeactive.ui.trial import current_atlas
from villeactive.wording.town_facts import five_figures

MOST_COMPARED = 3
"""Towns beside one's own."""

_LABELS = {"size": "Taille", "density": "Densité", "role": "Rôle", "programmes": "Programmes",
           "distance": "Distance"}  # fmt: skip
_HELP = {
    "size": "Le nombre d’habitants.",
    "density": "Les habitants par km².",
    "role": "La part de l’intercommunalité, en être ou non le pôle, la distance à une ville bien "
    "plus grande.",
    "programmes": "Les programmes nationaux portés en commun.",
    "distance": "Les kilomètres qui séparent les deux communes.",
}


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for."""

    code: str
    weights: Weights = EVEN
    same_region: bool = False
    within: int = DEFAULT_WITHIN_KM
    compare: tuple[str, ...] = ()

    def to_query(self) -> dict[str, str]:
        """Write the address, what is usual left out."""
        query = {
            "commune": self.code,
            "weights": self.weights.to_text(),
            "same_region": "1" if self.same_region else "",
            "within": "" if self.within == DEFAULT_WITHIN_KM else str(self.within),
            "compare": ",".join(self.compare),
        }
        return {key: value for key, value in query.items() if value}


def go(asked: Asked, **values: object) -> None:
    """Write some values to the address; the others stay as it says them now."""
    query = replace(asked, **values).to_query()
    address.keep({key: query.get(key) for key in values})


def _drop(name: str, value: str) -> None:
    """Say that a value of the address is not known."""
    st.warning(
        f"{name}{NBSP}: {blocks.quoted(value)} n’est pas compris, il est laissé de côté.",
        icon=":material/link_off:",
    )


def _weights() -> Weights:
    """Read the weights of the address, each a whole level; unknown ones are said."""
    raw = (st.query_params.get("weights") or "")[:200]
    try:
        read = Weights.from_text(raw)
        return Weights(*(min(3, round(getattr(read, name))) for name in CRITERIA))
    except UnknownValueError:
        _drop("Poids", raw[:60])
        return EVEN


def _same_region() -> bool:
    """Read whether the towns are those of the région alone."""
    raw = blocks.given("same_region")
    if raw not in {"", "0", "1"}:
        _drop("Dans ma région", raw)
    return raw == "1"


def _within() -> int:
    """Read the distance of the address."""
    raw = blocks.given("within")
    if not raw:
        return DEFAULT_WITHIN_KM
    if raw.isdecimal() and int(raw) in commune.RADII:
        return int(raw)
    _drop("Distance", raw)
    return DEFAULT_WITHIN_KM


def _compared(own: str, atlas: Atlas) -> tuple[str, ...]:
    """Read the towns to compare; an old code leads to the commune of today."""
    codes = [part.strip().upper() for part in blocks.given("compare").split(",") if part.strip()]
    known = {code: current_code(code, atlas) for code in codes}
    for code in (code for code, now in known.items() if now is None):
        _drop("Commune à comparer", code)
    kept = tuple(dict.fromkeys(now for now in known.values() if now not in {None, own}))
    for code in kept[MOST_COMPARED:]:
        st.warning(
            f"On compare {MOST_COMPARED} communes au plus à la vôtre{NBSP}: "
            f"{shell.markdown(atlas.communes.loc[code, 'name'])} est laissée de côté.",
            icon=":material/link_off:",
        )
    return kept[:MOST_COMPARED]


def asked(atlas: Atlas) -> Asked | None:
    """Read the address; None when it names no commune."""
    code = commune.asked(atlas)
    if code is None:
        return None
    return Asked(code, _weights(), _same_region(), _within(), _compared(code, atlas))


# --------------------------------------------------------------------------------- finding it


def _show_finder(*, key: str, label: str, query: dict[str, str], atlas: Atlas) -> None:
    """Ask for a commune; the one chosen joins ``query`` as the address."""
    finder.show_finder(
        atlas,
        key=key,
        label=label,
        acts={"commune": lambda code: address.write(query | {"commune": code})},
        only="commune",
        placeholder="Lens, 62300, Saint-Denis Réunion…",
    )


def show_choice(atlas: Atlas) -> None:
    """Ask for the town when the address names none."""
    shell.show_title("Quelle est votre ville\u00a0?")
    _show_finder(
        key="chercher-ma-ville", label="Nom, code INSEE ou code postal", query={}, atlas=atlas
    )
    st.markdown(
        "L’atlas cherche les communes qui ressemblent à la vôtre, dit pourquoi, montre ce qu’elles "
        "ont fait, et en tire une note de deux pages à remettre à un élu."
    )


def show_other(asked: Asked, atlas: Atlas) -> None:
    """Offer another town, with the same choices."""
    st.header("Une autre ville", anchor=False)
    query = {k: v for k, v in asked.to_query().items() if k not in {"commune", "compare"}}
    _show_finder(key=f"chercher-{asked.code}", label="Changer de ville", query=query, atlas=atlas)


# --------------------------------------------------------------------------------- the town


def show_title(asked: Asked, atlas: Atlas) -> None:
    """Name the town, and say where it is."""
    row = atlas.communes.loc[asked.code]
    name = typographic(row["name"])
    shell.name_page(f"Ma ville, {name}")
    st.html(style("ma_ville.css"))
    shell.show_title(name)
    where = within(row["departement_name"], row["region_name"], code=row["departement"])
    st.caption(shell.markdown(where))
    shortlist.show_toggle(asked.code, atlas)


def show_figures(asked: Asked, atlas: Atlas) -> None:
    """Show the town in five figures, then its labels."""
    items = "".join(
        f"<div><dt>{escape(one.label)}<small>{escape(one.note)}</small></dt>"
        f"<dd>{escape(one.said)}</dd></div>"
        for one in five_figures(asked.code, atlas, within_km=asked.within)
    )
    st.html(f"<dl class='va-figures va-big mv-five'>{items}</dl>")
    codes = atlas.communes.loc[asked.code, "programmes"]
    labels = "".join(f"<li>{html_parts.programme(code)}</li>" for code in codes)
    st.html(
        f"<ul class='mv-labels' aria-label='Programmes portés'>{labels}</ul>"
        if labels
        else "<p class='va-note'>Cette commune ne porte aucun des programmes suivis.</p>"
    )


_FILES = {
    "pdf": ("Note pour l’élu, PDF de 2 pages", "pdf", "note", brief_pdf),
    "pptx": ("Note pour l’élu, PowerPoint de 2 pages", "pptx", "note", brief_pptx),
    "projets": ("Projets à visiter, PowerPoint d’une page par projet", "pptx",
                "projets-a-visiter", visits_pptx),
}  # fmt: skip
"""File → its words, its kind, its name, what writes it."""


@kept_with_first(64)
def _made(
    atlas: Atlas, name: str, code: str, weights: Weights, region: bool, within: int, day: date
) -> bytes:
    """Make a file once; asked again, it comes from the cache."""
    note = note_of(code, atlas, day=day, weights=weights, same_region=region, within_km=within)
    return _FILES[name][-1](note, atlas)


def show_brief(asked: Asked, atlas: Atlas) -> None:
    """Offer the brief and the slides, each made when asked for."""
    whole = current_atlas()  # here: the file is made outside the session, once it is asked for

    def maker(name: str):
        def make() -> bytes:
            with place(said=False):
                values = (asked.code, asked.weights, asked.same_region, asked.within)
                return _made(whole, name, *values, date.today())

        return make

    st.html(
        "<p class='va-note'>La note à remettre\u00a0: votre ville, celles qui lui ressemblent et "
        "pourquoi, trois projets à visiter, avec leurs contacts quand leur source en donne. Le "
        "PowerPoint dit la même chose que le PDF, et se retouche. Chaque fichier est fait à la "
        "demande\u00a0: son bouton tourne quelques secondes.</p>"
    )
    with st.container(horizontal=True, key="mv-note", vertical_alignment="center"):
        for name, (words, kind, stem, _) in _FILES.items():
            blocks.file_button(
                words,
                maker(name),
                f"ville-active-{stem}-{asked.code}.{kind}",
                KINDS[kind].media,
                look="primary" if name == "pdf" else "secondary",
                key=f"mv-note-{name}",
            )
    name = typographic(atlas.communes.loc[asked.code, "name"])
    label = shell.markdown(f"Fiche de la commune {name}")
    shell.link(shell.COMMUNE, label, query={"commune": asked.code}, icon=":material/location_on:")


# --------------------------------------------------------------------------------- the weights


def _choose_weights(asked: Asked) -> None:
    """Write the weights of the sliders to the address; all without effect is refused."""
    values = [LEVELS.index(st.session_state[f"mv-{name}"]) for name in CRITERIA]
    if any(values):
        go(asked, weights=Weights(*values))
    else:
        st.session_state["mv-refused"] = True


def _choose_region(asked: Asked) -> None:
    go(asked, same_region=st.session_state["mv-region"])


def show_weights(asked: Asked, towns: pd.DataFrame) -> None:
    """Show what counts, in words; each change is seen at once, on a phone by the first names."""
    st.session_state["mv-region"] = asked.same_region
    st.toggle("Dans ma région seulement", key="mv-region", on_change=_choose_region, args=(asked,))
    st.markdown(f"**Ce qui compte**{NBSP}: déplacez un curseur, la liste et la carte suivent.")
    with st.container(key="mv-poids", gap="xsmall"):
        for name in CRITERIA:
            st.session_state[f"mv-{name}"] = LEVELS[int(getattr(asked.weights, name))]
            st.select_slider(
                _LABELS[name],
                LEVELS,
                key=f"mv-{name}",
                help=_HELP[name],
                on_change=_choose_weights,
                args=(asked,),
            )
    names = enumeration([f"{k}. {typographic(n)}" for k, n in enumerate(towns["name"][:3], 1)])
    st.html(f"<p class='va-note mv-first' role='status'>{escape(names)}</p>")
    if st.session_state.pop("mv-refused", False):
        st.warning("Un critère au moins doit compter\u00a0: le dernier réglage est gardé.")
    if asked.weights != EVEN:
        st.button(
            "Revenir au réglage de départ",
            type="tertiary",
            icon=":material/undo:",
            key="mv-depart",
            on_click=go,
            args=(asked,),
            kwargs={"weights": EVEN},
        )
