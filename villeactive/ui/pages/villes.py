"""What the page « Villes et programmes » shows."""

from dataclasses import replace
from datetime import date
from functools import partial

import geopandas as gpd
import streamlit as st

from villeactive.analysis import towns
from villeactive.atlas import Atlas
from villeactive.documents.list_files import towns_listing
from villeactive.filters import TERRITORIES
from villeactive.maps.symbols import programme_marks, town_svg
from villeactive.programmes import full_names, known_programmes, short_names
from villeactive.selection import Selection, chips
from villeactive.text import NBSP, enumeration, number, plural
from villeactive.ui import address, shell
from villeactive.ui.parts import blocks, filters, html_parts
from villeactive.ui.parts.map import show_map as show_atlas_map

_SIZES = (*towns.SIZES, 1_000_000)
_FILTERS = ("region", "departement", "epci", "programme", "min_population", "max_population")


def asked_mode() -> str:
    """Read how programmes are combined; a value that does not hold is said and dropped."""
    raw = blocks.given("mode")
    if raw and raw not in towns.MODES:
        st.warning(
            f"Le choix {blocks.quoted(raw)} n’existe pas{NBSP}; « any », « all » ou « none » sont "
            "attendus.".replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»"),
            icon=":material/link_off:",
        )
    return raw if raw in towns.MODES else "any"


def _kept(selection: Selection) -> Selection:
    """Keep the filters of this page alone."""
    return Selection(**{name: getattr(selection, name) for name in _FILTERS})


def _change(*, mode: str | None = None, **values: object) -> None:
    """Write the filters and the mode that the address asks for now, some replaced."""
    query = _kept(replace(address.asked(), **values)).to_query()
    mode = mode or address.here().get("mode")
    address.write(query | ({"mode": mode} if mode in towns.MODES and mode != "any" else {}))


def _said(selection: Selection, mode: str, atlas: Atlas) -> list[str]:
    """Say the filters in force."""
    names = short_names(selection.programme)
    combined = {
        "all": f"{enumeration(names)} à la fois" if len(names) > 1 else "",
        "none": f"ni {' ni '.join(names)}" if len(names) > 1 else f"sans {''.join(names)}",
    }.get(mode)
    return [
        combined if combined and name == "programme" else words
        for name, words in chips(_kept(selection), atlas)
    ]


def sentence(selection: Selection, mode: str, count: int, atlas: Atlas) -> str:
    """Say the result in one line."""
    whole = len(atlas.towns)
    out_of = f" sur {number(whole)}" if count < whole else ""
    said = [plural(count, "commune labellisée", "communes labellisées") + out_of]
    return " · ".join([*said, *_said(selection, mode, atlas)])


def _seed(key: str, value: object) -> str:
    """Give a widget the value of the address, and its key."""
    st.session_state[key] = value
    return key


def show_filters(selection: Selection, mode: str, atlas: Atlas) -> None:
    """Show programmes and how they combine, territory, population."""
    first, second = st.columns([3, 2], gap="large")
    with first:
        st.pills(
            "Programmes",
            list(known_programmes()),
            selection_mode="multi",
            wrap=True,
            format_func=lambda code: known_programmes()[code].short,
            key=_seed("v-programme", list(selection.programme)),
            on_change=_choose,
            args=("programme",),
            help="TI : la commune est dans un territoire d’industrie ; cela seul ne fait pas une "
            "commune labellisée.".replace(" :", f"{NBSP}:").replace(" ;", f"{NBSP};"),
        )
    with second:
        if selection.programme:
            _show_mode(mode)
    _show_places(selection, atlas)


def _choose(name: str) -> None:
    """Write what a list holds."""
    _change(**{name: tuple(st.session_state[f"v-{name}"])})


def _show_mode(mode: str) -> None:
    """Choose how the programmes asked for combine."""
    st.radio(
        "La ville en porte",
        list(towns.MODES),
        format_func=towns.MODES.get,
        key=_seed("v-mode", mode),
        on_change=lambda: _change(mode=st.session_state["v-mode"]),
        horizontal=True,
    )


def _show_places(selection: Selection, atlas: Atlas) -> None:
    """Show the filters of territory and size."""
    known = {"region": atlas.regions, "departement": _offered(selection, atlas)}
    columns = st.columns([2, 2, 3], gap="medium")
    titles = (("region", "Région", "Toutes"), ("departement", "Département", "Tous"))
    for column, (name, title, rest) in zip(columns[:2], titles, strict=True):
        with column:
            st.multiselect(
                title,
                list(known[name]),
                format_func=known[name].get,
                key=_seed(f"v-{name}", list(getattr(selection, name))),
                on_change=_choose,
                args=(name,),
                placeholder=rest,
                select_all=False,
            )
    with columns[2]:
        filters.show_size(selection, key="v-size", sizes=_SIZES, change=_change)


def _offered(selection: Selection, atlas: Atlas) -> dict[str, str]:
    """Give the départements of the régions chosen, and those already chosen."""
    return {
        code: f"{name} ({code})"
        for code, name in atlas.departements.items()
        if not selection.region
        or atlas.departement_region[code] in selection.region
        or code in selection.departement
    }


def drawn(selection: Selection, mode: str) -> tuple[str, ...]:
    """Give the programmes that the map draws: those asked for, else Action cœur de ville."""
    asked = selection.programme
    if mode == "none" and asked:
        return tuple(code for code in towns.own_labels() if code not in asked)
    if asked and not set(asked) & set(towns.own_labels()):
        return (*towns.own_labels(), *asked)
    return asked or towns.own_labels()[:1]


def show_map(chosen: gpd.GeoDataFrame, selection: Selection, mode: str, atlas: Atlas) -> None:
    """Show the towns on the map; a click opens one."""
    layers = drawn(selection, mode)
    seen = towns.carrying(chosen, set(layers) & set(towns.own_labels()), "any")
    names = enumeration(full_names(layers))
    said = f"{plural(len(seen), 'ville')} sur {number(len(atlas.towns))}{NBSP}: {names}"
    st.subheader(shell.markdown(said), anchor=False)
    territory = shell.territory(_kept(selection), atlas)
    show_atlas_map(
        atlas.sites.iloc[:0],
        taxonomy=atlas.taxonomy,
        layers=layers,
        counts=towns.by_programme(chosen),
        towns=tuple(seen.index) if len(chosen) < len(atlas.towns) else None,
        opens=True,
        territory=replace(territory, towns=()) if territory else None,
        on_click=lambda code: blocks.go(shell.COMMUNE, commune=code.upper()),
        dark=shell.is_dark(),
        height=600,
        key="carte-villes",
    )
    more = "" if selection.programme else " Un autre programme se choisit ci-dessus."
    st.caption(shell.markdown(f"Un clic sur une ville ouvre sa page.{more}"))


def show_figures(chosen: gpd.GeoDataFrame, selection: Selection, atlas: Atlas) -> None:
    """Show how many towns and people, by programme, by number of programmes, by size."""
    ground = towns.ground(_kept(selection), atlas)
    total = towns.population_share(chosen, ground).loc[towns.TOTAL]
    share = f"{number(100 * total['share'], decimals=1)}{NBSP}%"
    where = (
        "de ce territoire" if any(getattr(selection, name) for name in TERRITORIES) else "du pays"
    )
    st.html(
        blocks.figures(
            [
                ("communes labellisées", number(len(chosen))),
                ("habitants (2023)", number(total["living"])),
                (f"de la population {where}", share),
            ]
        )
    )
    if chosen.empty:
        st.info("Aucune ville ne répond à tous ces filtres. Levez-en un, ou effacez tout.")
        st.button(
            "Tout effacer",
            icon=":material/filter_alt_off:",
            key="v-effacer",
            on_click=address.write,
            args=({},),
        )
        return
    _show_programmes(chosen)
    _show_overlaps(chosen)


def _show_programmes(chosen: gpd.GeoDataFrame) -> None:
    """Draw the towns by programme, with the signs of the map."""
    dark = shell.is_dark()
    marks = programme_marks(dark=dark)
    rows, colours = [], {}
    for code, count in towns.by_programme(chosen).items():
        label = known_programmes()[code].label
        rows.append((html_parts.image(town_svg((code,), dark=dark)), label, count))
        colours[label] = marks[code].colour
    st.subheader("Par programme", anchor=False)
    st.html(blocks.bars(rows, colours=colours))
    st.caption(
        "Une ville compte dans chacun de ses programmes. Territoires d’industrie\u00a0: villes "
        "labellisées qui en font partie."
    )


def _show_overlaps(chosen: gpd.GeoDataFrame) -> None:
    """Draw how many programmes the towns carry, and which together."""
    st.subheader("Un programme, deux, trois…", anchor=False)
    counts = towns.overlaps(chosen).items()
    st.html(blocks.bars([("", plural(many, "programme"), count) for many, count in counts]))
    often = towns.often_together(chosen)
    if often:
        said = [f"{' + '.join(short_names(codes))} ({number(n)})" for codes, n in often]
        words = f"Le plus souvent ensemble{NBSP}: {enumeration(said)}. Territoires d’industrie "
        st.caption(shell.markdown(f"{words}non comptés."))


def show_tables(chosen: gpd.GeoDataFrame, selection: Selection, atlas: Atlas) -> None:
    """Show programmes by région, share of the population by région, sizes."""
    if chosen.empty:
        return
    st.subheader("Programmes par région", anchor=False)
    table = towns.by_region(chosen, atlas)
    names = {**atlas.regions, towns.TOTAL: "Ensemble"}
    columns = [("Région", ""), *((t.short, t.label) for t in known_programmes().values())]
    columns.append(("Villes", "Communes labellisées, chacune une fois"))
    rows = [[names[code], *(int(n) for n in row)] for code, *row in table.itertuples()]
    st.html(blocks.grid(columns, rows, label="Programmes par région", total=True))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_shares(chosen, selection, atlas)
    with right:
        st.subheader("Taille des villes", anchor=False)
        st.html(blocks.bars([("", _size(*step), n) for *step, n in towns.sizes(chosen)]))
        st.caption("Villes par nombre d’habitants (population municipale 2023).")


def _size(low: int, high: int | None) -> str:
    """Name a step of population."""
    if high is None:
        return f"{number(low)} et plus"
    return f"{number(low)} à {number(high - 1)}" if low else f"moins de {number(high)}"


def _show_shares(chosen: gpd.GeoDataFrame, selection: Selection, atlas: Atlas) -> None:
    """Show the share of the population that lives in these towns, by région."""
    st.subheader("Part de la population", anchor=False)
    table = towns.population_share(chosen, towns.ground(_kept(selection), atlas))
    names = {**atlas.regions, towns.TOTAL: "Ensemble"}
    rows = [
        [
            names[row.Index],
            int(row.towns),
            int(row.communes),
            int(row.living),
            f"{number(100 * row.share, decimals=1)}{NBSP}%",
        ]
        for row in table.itertuples()
    ]
    columns = [
        ("Région", ""),
        ("Villes", "Communes labellisées de la sélection"),
        ("Communes", "Toutes les communes du territoire"),
        ("Habitants", "Population municipale 2023 de ces villes"),
        ("Part", "Part de la population du territoire qui vit dans ces villes"),
    ]
    st.html(blocks.grid(columns, rows, label="Part de la population par région", total=True))


def show_list(chosen: gpd.GeoDataFrame) -> None:
    """List the towns, the most populated first; opening one goes to its page."""
    if not blocks.headed("Les villes", chosen, none="Aucune ville à lister."):
        return
    ordered = chosen.sort_values("population", ascending=False, kind="stable")
    names = ("name", "departement_name", "region_name", "population", "epci_name", "programmes")
    rows = [
        [code, name, departement, region, int(people), list(carried), epci or ""]
        for code, (name, departement, region, people, epci, carried) in zip(
            ordered.index, zip(*(ordered[name] for name in names), strict=True), strict=True
        )
    ]
    columns = ["Ville", "Département", "Région", "Habitants", "Programmes", "Intercommunalité"]
    caption = "Un clic ouvre la commune, un titre de colonne trie."
    if opened := blocks.table(columns, rows, caption=caption, key="villes"):
        blocks.go(shell.COMMUNE, commune=opened)


def show_downloads(chosen: gpd.GeoDataFrame, selection: Selection, mode: str, atlas: Atlas) -> None:
    """Offer the list as files; each is made when asked for."""
    if chosen.empty:
        return
    today = date.today()
    count = plural(len(chosen), "commune labellisée", "communes labellisées")
    title = " · ".join([count, *_said(selection, mode, atlas)])
    with st.container(horizontal=True, key="villes-fichiers", vertical_alignment="center"):
        st.markdown("Télécharger les villes\u00a0:", width="content")
        name = f"villes-et-programmes-{today.isoformat()}"
        made = partial(towns_listing, chosen, atlas, title=title)
        blocks.show_list_files(made, name, day=today, key="fichier")
    st.caption(
        "Coordonnées vraies (longitude, latitude), codes en texte, sources et date dans chaque "
        "fichier."
    )
