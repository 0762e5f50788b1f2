"""The filters: widgets seeded from the selection, a change written to the address."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html import escape

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.facets import TOLD
from villeactive.filtering import Applied
from villeactive.filters import FILTERS, Filter
from villeactive.geography.locate import Location, locate
from villeactive.kept_with import kept_with_first
from villeactive.layers import (
    BY_LEVEL,
    GROUPS,
    LEVELS,
    TOWNS,
    Group,
    in_drawing_order,
    layer_groups,
    layer_name,
    read_group,
)
from villeactive.programmes import known_programmes
from villeactive.selection import (
    MAX_TEXT,
    Selection,
    chips,
    known_values,
    name_of,
    without,
)
from villeactive.text import NBSP, fold, in_departement, number, plural, typed, typographic
from villeactive.ui import address, shell, way_back
from villeactive.ui.parts import finder, long_lists, own_filters
from villeactive.ui.parts.facet_counts import Counted, show_counts
from villeactive.wording import sources

_SIZES = (0, 3_500, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000)
"""Bounds offered for the size of a town; 3 500 and 20 000 are those of PVD's towns."""

_UNSURE = "near-unsure"
"""In the session: a town asked for that is not one, the filters by then, what was found."""

_OFFERED = 6
_MOST_PILLS = 12
"""Values of a filter shown as pills; more are a list."""

_MULTI = {"selection_mode": "multi"}
_OVERVIEWS = {
    "auto": "Automatique",
    "projects": "Projets par territoire",
    "towns": "Communes labellisées par territoire",
    "none": "Symboles seuls",
}


def _write(name: str, atlas: Atlas) -> None:
    """Write what a widget of several values holds; one gone from its list comes as its words."""
    named = {words: code for code, words in _named(atlas, name).items()}
    chosen = tuple(named.get(v, v) for v in st.session_state[f"f-{name}"])
    address.change(atlas, **{name: chosen})


def _several(
    one: Filter,
    selection: Selection,
    atlas: Atlas,
    counts: dict[str, int],
    *,
    widget: Callable,
    **options: object,
) -> tuple[list[str], Counted]:
    """Show one filter of several values; give them, and what each would give."""
    name, chosen = one.key, getattr(selection, one.key)
    short = widget is st.pills  # a short list stays whole, so that nothing moves
    values = [
        code for code in known_values(name, atlas) if short or counts.get(code) or code in chosen
    ]
    if not short:
        values = long_lists.show_words(one, values, counts, chosen, atlas)
    if not values:
        options |= {"disabled": True, "placeholder": "Rien avec les autres filtres"}
    key = address.seed(f"f-{name}", list(chosen))
    widget(
        one.title or one.label,
        values,
        default=list(chosen),
        format_func=_named(atlas, name).__getitem__,
        key=key,
        on_change=_write,
        args=(name, atlas),
        **options,
    )
    numbers = tuple(counts.get(code, 0) for code in values)
    unit = "fiche" if name == "kind" or selection.kind else "projet"
    return values, Counted(key, numbers, unit, is_list=not short)


def _short(name: str, code: str, atlas: Atlas) -> str:
    """Name a value as briefly as its filter allows."""
    if name == "theme":
        return atlas.themes[code].short
    if name == "collection":
        return str(atlas.collections[code].short_title or atlas.collections[code].title)
    if name == "departement":
        return f"{typographic(atlas.departements[code])} · {code}"
    return name_of(name, code, atlas)


@kept_with_first(len(FILTERS))
def _named(atlas: Atlas, name: str) -> dict[str, str]:
    """Name the values of a filter as briefly as it allows, once for all who ask them."""
    return {code: _short(name, code, atlas) for code in known_values(name, atlas)}


def _text(selection: Selection) -> None:
    """Keep the sheets that hold some words; the finder of the page goes, this one filters."""

    def write() -> None:
        address.change(text=typed(st.session_state["f-text"])[:MAX_TEXT])

    st.text_input(
        "Filtrer par des mots",
        selection.text,
        key=address.seed("f-text", selection.text),
        on_change=write,
        placeholder="alternance, Cnam, Lisieux…",
    )


def show_size(
    selection: Selection, *, key: str, sizes: Sequence[int], change: Callable[..., None]
) -> None:
    """Choose the size of towns between two bounds; the last of ``sizes`` is no limit."""
    last = sizes[-1]
    low = selection.min_population or 0
    high = last if selection.max_population is None else selection.max_population

    def write() -> None:
        chosen_low, chosen_high = st.session_state[key]
        change(
            min_population=chosen_low or None,
            max_population=None if chosen_high >= last else chosen_high,
        )

    st.select_slider(
        "Taille de la ville (habitants)",
        sorted({*sizes, low, high}),
        value=(low, high),
        key=address.seed(key, (low, high)),
        format_func=lambda value: "sans limite" if value >= last else number(value),
        on_change=write,
    )


def _near(selection: Selection, atlas: Atlas) -> None:
    """Choose « autour de » : a town found by name, never guessed, and a distance."""
    town = atlas.communes.loc[selection.near] if selection.near else None

    def write() -> None:
        asked = st.session_state["f-near"].strip()
        found = locate(asked) if asked else None
        if not asked or found.status == "found":
            address.change(near=found.code_insee if found else None)
        else:
            st.session_state[_UNSURE] = asked, address.asked().filters, found

    # towns are offered as long as nothing else was done
    asked, filters, unsure = st.session_state.get(_UNSURE, ("", None, None))
    if (st.session_state.get("f-near", "").strip(), selection.filters) != (asked, filters):
        st.session_state.pop(_UNSURE, None)
        unsure = None
    shown = "" if town is None else in_departement(town["name"], town["departement"])
    if unsure is None:
        address.seed("f-near", shown)
    st.text_input(
        "Autour de", shown, key="f-near", on_change=write, placeholder="Lens, Rochefort (17)…"
    )
    if unsure is not None:
        _candidates(asked, unsure, atlas)
    if selection.near:
        within = min(300, max(5, round(selection.within / 5) * 5))
        st.slider(
            "Distance (km)",
            5,
            300,
            within,
            step=5,
            key=address.seed("f-within", within),
            on_change=lambda: address.change(within=st.session_state["f-within"]),
        )


def _candidates(asked: str, unsure: Location, atlas: Atlas) -> None:
    """Offer the towns of a name that several bear, or none, then those that the finder finds."""

    def choose(code: str) -> None:
        st.session_state.pop(_UNSURE, None)
        address.change(near=code)

    st.caption(shell.markdown(unsure.reason))
    codes = [town.code_insee for town in unsure.candidates[:_OFFERED]]
    codes += [hit.id for hit in finder.found(asked, atlas, "commune")]
    for code in list(dict.fromkeys(codes))[:_OFFERED]:
        town = atlas.communes.loc[code]
        st.button(
            shell.markdown(f"{town['name']} ({town['departement_name']})"),
            key=f"near-{code}",
            on_click=choose,
            args=(code,),
            type="tertiary",
        )


def _amount(selection: Selection) -> None:
    """Keep the projects whose cost the book prints."""
    st.toggle(
        "Montant connu",
        selection.amount,
        key=address.seed("f-amount", selection.amount),
        on_change=lambda: address.change(amount=st.session_state["f-amount"]),
        help="Ne garder que les fiches qui donnent un montant.",
    )


def _layers(selection: Selection, atlas: Atlas) -> None:
    """Choose the layers of the map, group by group."""
    keys = {group: f"f-layers-{fold(group).replace(' ', '-')}" for group in layer_groups()}
    help_ = {TOWNS: _meanings(layer_groups()[TOWNS])}

    def write() -> None:
        chosen = {code for key in keys.values() for code in st.session_state[key]}
        address.change(layers=in_drawing_order(chosen))

    st.markdown("**Couches de la carte**")
    shown = selection.shown_layers(atlas)
    for group, codes in layer_groups().items():
        drawn = [code for code in codes if code in shown]
        st.pills(
            group,
            codes,
            default=drawn,
            format_func=layer_name,
            key=address.seed(keys[group], drawn),
            on_change=write,
            help=help_.get(group),
            **_MULTI,
        )


def _group(selection: Selection, atlas: Atlas) -> None:
    """Choose what the circles of the map stand for when it is seen from afar, and by territory."""
    asked = read_group(selection.group, atlas.own_columns) or Group("auto")
    chosen = replace(asked, level="").code
    told = set(selection.collection or atlas.collections)
    euros = {
        code: f"Montants{NBSP}: {shell.markdown(column.header)}"
        for slug, column in atlas.own_columns.items()
        if (code := Group("euros", slug).code) == chosen or told & column.priced
    }

    def write() -> None:
        group = read_group(st.session_state["f-group"], atlas.own_columns)
        level = st.session_state.get("f-level", "") if group and group.what in BY_LEVEL else ""
        address.change(group=group and replace(group, level=level).code)

    overviews = ("auto", *GROUPS, *euros)
    st.radio(
        "Vue d’ensemble",
        overviews,
        overviews.index(chosen),
        format_func=(_OVERVIEWS | euros).get,
        key=address.seed("f-group", chosen),
        on_change=write,
        help="Vus de loin, les symboles deviennent un cercle par région, puis par département. "
        f"Automatique{NBSP}: quand la carte porte plus de 100 lieux de projets.",
    )
    if asked.what in BY_LEVEL:
        levels = ("", *LEVELS)
        st.selectbox(
            "Territoire des cercles",
            levels,
            levels.index(asked.level),
            format_func=lambda level: LEVELS.get(level, "selon le zoom").capitalize(),
            key=address.seed("f-level", asked.level),
            on_change=write,
        )


def _meanings(codes: Iterable[str]) -> str:
    """Explain programmes, for the help of a filter."""
    found = [known_programmes()[code] for code in codes]
    return "\n\n".join(f"**{t.short}**{NBSP}: {t.label}. {t.meaning}" for t in found)


def hold_places(sentence: str, selection: Selection, atlas: Atlas) -> None:
    """Show at first sight what stands over the map, and hold the places of what comes later.

    The map does not move then, and the sidebar, which would not stand empty, is there. In few
    elements: the browser draws the map once it has made all that is sent with it.
    """
    active = chips(selection, atlas)
    welcome = "" if active else _welcome(atlas)
    st.html(f"<span class='va-room'></span>{shell.title(sentence)}{welcome}")
    if active:
        show_chips(selection, atlas)
    st.sidebar.html("<p class='va-note va-awaited' role='status'>Les filtres arrivent…</p>")


_EXPLAINED = {"programme": "programmes"}
"""Filter → the list whose meanings stand beside its title."""


@contextmanager
def _explained(one: Filter) -> Iterator[None]:
    """Show a filter under a title of its own with a long help, where its values need it.

    The counts of the choices change, the help does not, and is sent once.
    """
    if one.key not in _EXPLAINED:
        yield
        return
    with st.container(key=_EXPLAINED[one.key], gap="xxsmall"):
        st.markdown(f":small[{one.title}]", help=_meanings(known_programmes()))
        yield


def show_filters(selection: Selection, atlas: Atlas) -> dict[str, list[tuple[str, str]]]:
    """Show all filters, in the sidebar, with the count of each choice.

    Returns
    -------
    dict
        Key of a widget → its choices in order, as :meth:`villeactive.facets.Choices.ahead` takes
        them; the crosses of :func:`show_chips` too.
    """
    counts = shell.choices(selection, atlas).counts
    counted = []
    told = {f"chip-{n}": [(n, None)] for n in TOLD if getattr(selection, n)}

    def show(one: Filter) -> None:
        if not one.offered(atlas):
            return
        short = one.widget == "pills" and len(one.values(atlas)) <= _MOST_PILLS
        options = _MULTI if short else {"select_all": False, "placeholder": one.every}
        widget = st.pills if short else st.multiselect
        with _explained(one):
            if one.key in _EXPLAINED:
                options = {**options, "label_visibility": "collapsed"}
            found = counts[one.key]
            codes, drawn = _several(one, selection, atlas, found, widget=widget, **options)
        counted.append(drawn)
        if one.foreseen:
            told[drawn.key] = [(one.key, code) for code in codes]

    _text(selection)
    for one in FILTERS:
        if not one.folded:
            show(one)
    counted += own_filters.show_own_filters(selection, atlas)
    _near(selection, atlas)
    show_size(selection, key="f-size", sizes=_SIZES, change=address.change)
    if _uses_more(selection):
        st.session_state["f-more"] = True
    # what is folded is not sent
    with st.expander("Plus de filtres", key="f-more", on_change=address.stay) as more:
        if more.open:
            for one in FILTERS:
                if one.folded:
                    show(one)
            _amount(selection)
    show_counts(counted)
    _layers(selection, atlas)
    _group(selection, atlas)
    return told


def _uses_more(selection: Selection) -> bool:
    """Tell whether a filter of the folded part is in force."""
    return selection.amount or any(getattr(selection, f.key) for f in FILTERS if f.folded)


def _welcome(atlas: Atlas) -> str:
    """Say in one sentence what the map is, and what to do with it, as a paragraph of HTML."""
    one = sources.only(atlas)
    what = (
        f"Les projets {escape(sources.of_the(one))} {sources.named(one, atlas)}"
        if one
        else f"Les projets de {len(atlas.collections)} collections"
    )
    return (
        f"<p class='va-note'><span>{what}, sur la carte de France{NBSP}: cliquez un symbole, "
        "filtrez, faites-en une diapositive.</span></p>"
    )


def show_chips(selection: Selection, atlas: Atlas) -> None:
    """Show each active filter with its cross, and one reset; without any, what the map is."""
    active = chips(selection, atlas)
    # always there: were it not, the map under it would start anew
    with st.container(horizontal=True, key="puces", gap="small"):
        offered = way_back.keep(selection, atlas)
        if not active and not offered:
            st.html(_welcome(atlas))
        for name, words in active:
            st.button(
                shell.markdown(words),
                icon=":material/close:",
                icon_position="right",
                key=f"chip-{name}",
                help=f"Lever ce filtre{NBSP}: {shell.markdown(words)}",
                on_click=address.lift,
                args=(name,),
            )
        if active:
            st.button(
                "Tout effacer",
                type="tertiary",
                key="reset",
                on_click=address.unfilter,
            )


def show_empty(applied: Applied, selection: Selection, atlas: Atlas) -> None:
    """Say which filter to lift when nothing was found, and lift it; the map stays."""
    if len(applied.listed_rows(selection, atlas)):
        return
    if applied.n_mentions:
        _show_mentions(applied.n_mentions, selection, atlas)
        return
    best, name, words = _to_lift(selection, atlas)
    st.info(_say_empty(best, words), icon=":material/filter_alt_off:")
    if best:
        st.button(
            f"Lever ce filtre{NBSP}: {shell.markdown(words)}",
            key="lever",
            on_click=address.lift,
            args=(name,),
        )


def _show_mentions(n_mentions: int, selection: Selection, atlas: Atlas) -> None:
    """Say that only places that the book cites answer, and offer to show them."""
    said = plural(n_mentions, "lieu cité répond", "lieux cités répondent")
    st.info(f"Aucun projet ne répond à ces filtres, mais {said}.", icon=":material/filter_alt_off:")
    st.button(
        "L’afficher" if n_mentions == 1 else "Les afficher",
        key="montrer-cites",
        on_click=address.change,
        kwargs={"layers": in_drawing_order({*selection.shown_layers(atlas), "mentions"})},
    )


def _to_lift(selection: Selection, atlas: Atlas) -> tuple[int, str, str]:
    """Give the filter without which most would be found: how many, its key, its words."""
    return max(
        (
            (shell.applied(without(selection, name), atlas).n_projects, name, words)
            for name, words in chips(selection, atlas)
        ),
        default=(0, "", ""),
    )


def _say_empty(best: int, words: str) -> str:
    """Say that nothing was found, and which filter to lift, as :func:`_to_lift` gives it."""
    if best:
        lifted = words if words.startswith("«") else f"«{NBSP}{words}{NBSP}»"
        return (
            f"Aucun projet ne répond à tous ces filtres. Sans {shell.markdown(lifted)}, "
            f"il y en aurait {number(best)}."
        )
    return "Aucun projet ne répond à ces filtres. Levez-en plusieurs, ou effacez tout."
