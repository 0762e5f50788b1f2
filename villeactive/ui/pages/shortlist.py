"""What one gathers while exploring, projects and towns: the buttons, the list, the files."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.documents import list_files
from villeactive.documents.list_files import gathered_said, gathered_xlsx
from villeactive.documents.map_files import KINDS
from villeactive.errors import VilleActiveError
from villeactive.maps.scene.spec import MapSpec
from villeactive.programmes import short_names
from villeactive.selection import MOST_GATHERED, Selection, split
from villeactive.text import NBSP, in_departement, plural, spaced
from villeactive.ui import address, shell
from villeactive.ui.export_queue import place
from villeactive.ui.parts import blocks
from villeactive.ui.trial import current_atlas

TITLE = "Ma sélection"
_BY = {"region": "Une par région", "project": "Une par projet"}
_KINDS = {"pptx": "PowerPoint", "pdf": "PDF"}
_EMPTIED = "gathered-emptied"


def _name(name: str, atlas: Atlas) -> str:
    """Name a project or a town."""
    if name in atlas.sheets:
        return spaced(atlas.sheets[name].title.fr)
    row = atlas.communes.loc[name]
    return in_departement(row["name"], row["departement"])


def show_toggle(name: str, atlas: Atlas, *, brief: bool = False) -> None:
    """Add a project or a town to the shortlist, or take it off.

    Parameters
    ----------
    name
        Id of a sheet or ``code_insee``.
    atlas
        The whole atlas.
    brief
        In a list: the button says the verb alone, its hint the rest.
    """
    names = address.gathered(atlas)
    kept = name in names
    verb, link = ("Retirer", "de") if kept else ("Ajouter", "à")
    full = not kept and len(names) >= MOST_GATHERED
    hint = f"Ma sélection est pleine ({MOST_GATHERED})." if full else None
    if brief and not full:
        hint = shell.markdown(f"{verb} {_name(name, atlas)} {link} ma sélection")
    st.button(
        verb if brief else f"{verb} {link} ma sélection",
        icon=f":material/bookmark_{'remove' if kept else 'add'}:",
        key=f"garder-{name}",
        type="tertiary",
        help=hint,
        disabled=full,
        on_click=_toggle,
        args=(name, atlas),
    )


def _toggle(name: str, atlas: Atlas) -> None:
    """Add or take off; what was emptied before can no longer be taken back."""
    st.session_state.pop(_EMPTIED, None)
    names = address.gathered(atlas)
    others = [other for other in names if other != name]
    address.gather(others if name in names else [*names, name])


def show_link(names: Sequence[str], atlas: Atlas) -> None:
    """Say what was gathered, with a link to the page that holds it."""
    if names:
        st.markdown(f"**{TITLE}**{NBSP}: {gathered_said(names, atlas)}")
        shell.link(shell.GATHERED, "Voir, comparer et exporter", icon=":material/bookmarks:")
    else:
        st.caption(f"{TITLE} est vide{NBSP}: ajoutez-y des projets et des communes depuis leur "
                   "page.")  # fmt: skip


# ------------------------------------------------------------------------------------- the list


def show_list(names: Sequence[str], atlas: Atlas) -> None:
    """Show what was gathered in its order, each with its link and what moves or removes it."""
    if not names:
        _show_empty(atlas)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="gathered-head"):
        st.markdown(f"{gathered_said(names, atlas)}", width="content")
        st.button("Vider", icon=":material/delete_sweep:", key="vider", type="tertiary",
                  on_click=_empty, args=(atlas,))  # fmt: skip
    with st.container(key="gathered-list", gap="xsmall"):
        for rank, name in enumerate(names):
            _show_row(rank, name, names, atlas)


def _show_row(rank: int, name: str, names: Sequence[str], atlas: Atlas) -> None:
    """Show one project or town."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"garde-{name}"):
        words = shell.markdown(f"{rank + 1}. {_name(name, atlas)}")
        if name in atlas.sheets:
            page, query, icon = shell.PROJET, {"projet": name}, ":material/description:"
        else:
            page, query, icon = shell.COMMUNE, {"commune": name}, ":material/location_on:"
        with st.container(gap=None, width="stretch"):
            shell.link(page, words, query=query, icon=icon)
            st.caption(shell.markdown(_what(name, atlas)))
        last = len(names) - 1
        _button("Monter", "arrow_upward", name, atlas, _raise, disabled=not rank)
        _button("Descendre", "arrow_downward", name, atlas, _lower, disabled=rank == last)
        _button("Retirer", "close", name, atlas, _toggle)


def _button(
    verb: str,
    icon: str,
    name: str,
    atlas: Atlas,
    act: Callable[[str, Atlas], None],
    *,
    disabled: bool = False,
) -> None:
    """Show a button of a row; what it acts on is in its name, out of sight (``page.css``)."""
    what = shell.markdown(_name(name, atlas))
    st.button(
        f"{verb}{NBSP}*: {what}*",
        key=f"{verb.lower()}-{name}",
        type="tertiary",
        icon=f":material/{icon}:",
        help=f"{verb}{NBSP}: {what}",
        disabled=disabled,
        on_click=act,
        args=(name, atlas),
    )


def _what(name: str, atlas: Atlas) -> str:
    """Say what a row is."""
    if name in atlas.sheets:
        row = atlas.projects.loc[name]
        kind = atlas.label("kinds", row["kind"])
        return f"{kind}, {in_departement(row['town'], row['departement'])}"
    row = atlas.communes.loc[name]
    said = ", ".join(short_names(row["programmes"])) or "aucun programme suivi"
    return f"Commune, {plural(int(row['population']), 'habitant')}, {said}"


def _raise(name: str, atlas: Atlas) -> None:
    """Move one step up, unless it is the first by now."""
    names = address.gathered(atlas)
    if name in names[1:]:
        rank = names.index(name)
        address.gather([*names[: rank - 1], name, names[rank - 1], *names[rank + 1 :]])


def _lower(name: str, atlas: Atlas) -> None:
    """Move one step down: what comes after moves up."""
    names = address.gathered(atlas)
    if name in names[:-1]:
        _raise(names[names.index(name) + 1], atlas)


def _empty(atlas: Atlas) -> None:
    st.session_state[_EMPTIED] = address.gathered(atlas)
    address.gather(())


def _restore() -> None:
    address.gather(st.session_state.pop(_EMPTIED))


def _show_empty(atlas: Atlas) -> None:
    """Say how one gathers; take back what was just emptied."""
    emptied = st.session_state.get(_EMPTIED)
    if emptied:
        said = gathered_said(emptied, atlas)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Sélection vidée ({said}).", width="content")
            st.button("Rétablir", icon=":material/undo:", key="retablir", on_click=_restore)
        return
    st.markdown(
        f"Rien n’est encore retenu. Ouvrez un projet ou une commune et choisissez «{NBSP}Ajouter à "
        f"ma sélection{NBSP}»{NBSP}: elle vous suit de page en page et tient dans l’adresse, à "
        "copier ou à mettre en favori."
    )
    for page, words, icon in (
        (shell.CARTE, "Choisir des projets sur la carte", "map"),
        (shell.MA_VILLE, "Choisir des villes comme la vôtre", "diversity_2"),
        (shell.COMMUNE, "Choisir une commune", "location_on"),
    ):
        shell.link(page, words, icon=f":material/{icon}:")


# ------------------------------------------------------------------------------------ the files


def show_files(names: Sequence[str], atlas: Atlas) -> None:
    """Offer the shortlist as workbook, slides and pages."""
    today = date.today()
    stem = f"ville-active-ma-selection-{today.isoformat()}"
    with st.container(key="gathered-files", horizontal=True):
        blocks.file_button(
            "Excel",
            lambda: gathered_xlsx(names, atlas, day=today),
            f"{stem}.xlsx",
            list_files.KINDS["xlsx"].media,
            key="gathered-xlsx",
        )
        wanted = [
            kind
            for kind, said in _KINDS.items()
            if _offer(
                (kind, Selection(), tuple(names), "project", MapSpec(date=today.isoformat())),
                name=f"{stem}.{kind}",
                make=f"Préparer le {said}",
                take=f"Télécharger le {said}",
            )
        ]
    for kind in wanted:
        _make((kind, Selection(), tuple(names), "project", MapSpec(date=today.isoformat())))
    st.caption("Excel\u00a0: projets, communes et sources. Diaporama\u00a0: une couverture, la "
               "carte des projets, une page par projet et par commune.")  # fmt: skip


def show_deck(selection: Selection, spec: MapSpec, atlas: Atlas) -> None:
    """Offer a deck of the current selection or of the shortlist, with its progress."""
    sources = {"selection": "La sélection en cours"}
    if selection.shortlist:
        sources["shortlist"] = f"{TITLE} ({gathered_said(selection.shortlist, atlas)})"
    source = st.segmented_control(
        "Projets", list(sources), format_func=sources.get, default="selection", required=True,
        key="d-source",
    )  # fmt: skip
    by = st.segmented_control(
        "Diapositives", list(_BY), format_func=_BY.get, default="region", required=True, key="d-by"
    )
    kind = st.segmented_control(
        "Fichier", list(_KINDS), format_func=_KINDS.get, default="pptx", required=True, key="d-kind"
    )
    names = selection.shortlist if source == "shortlist" else ()
    asked = (kind, selection.filters, names, by, spec)
    name = f"ville-active-diaporama-{spec.date}.{kind}"
    if _offer(asked, name=name, make="Préparer le diaporama", take="Télécharger le diaporama"):
        _make(asked)


def _offer(asked: tuple, *, name: str, make: str, take: str) -> bool:
    """Offer a deck once made, else what makes it; tell whether to make it now."""
    kind = asked[0]
    made = st.session_state.get(f"deck-{kind}")
    if made and made[0] == asked:
        blocks.file_button(
            take,
            lambda: made[1],
            name,
            KINDS[kind].media,
            look="primary",
            key=f"deck-file-{kind}",
        )
        return False
    return st.button(make, icon=":material/slideshow:", key=f"deck-make-{kind}")


def _make(asked: tuple) -> None:
    """Make a deck, saying how far it is; « Annuler » stops it at the next slide."""
    kind, filters, names, by, spec = asked
    bar = st.progress(0.0, text="Le diaporama commence…")
    # any click runs the page again, and the next word to the page ends this run
    st.button("Annuler", key="deck-cancel", type="tertiary", icon=":material/cancel:")

    def tell(done: int, total: int) -> None:
        bar.progress(done / total, text=f"Diapositive {done + 1} sur {total}")

    atlas = current_atlas()
    sheets, towns = split(names, atlas)
    what = sheets if names else shell.applied(filters, atlas)
    if not names and what.projects.empty:
        st.info("La sélection est vide\u00a0: levez un filtre pour avoir un diaporama.")
        return
    from villeactive.documents.decks import deck_file  # late: the bar is shown by then

    try:
        with place():
            made = deck_file(kind, what, atlas, by=by, spec=spec, selection=filters,
                             communes=towns, title=TITLE if names else None,
                             progress=tell)  # fmt: skip
    except VilleActiveError as error:
        st.error(shell.markdown(str(error)))
        return
    st.session_state[f"deck-{kind}"] = (asked, made)
    st.rerun()
