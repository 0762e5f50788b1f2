"""A selection: what one asks of the atlas, as one frozen value.

The value says itself in words (:func:`describe`), becomes an address and is read from one
(:meth:`Selection.to_query`, :func:`from_query`). What it leaves of the atlas is in
:mod:`villeactive.filtering`.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from villeactive.atlas import Atlas
from villeactive.collections.own_columns import PREFIX, SEPARATOR
from villeactive.filters import BY_KEY, FILTERS, LISTS
from villeactive.geography.gazetteer import departement_codes
from villeactive.kept_with import kept_with_first
from villeactive.layers import every_layer, first_layers, in_drawing_order, read_group
from villeactive.text import NBSP, enumeration, number, of, plural, typed, typographic

SORTS = ("title", "town", "region", "population", "programmes", "topic", "kind")
"""Columns by which the list is sorted, in their order; « - » before one turns it round."""

DEFAULT_WITHIN_KM = 50
"""Radius of « autour de » when none is given."""

MAX_TEXT = 200

MOST_GATHERED = 40
"""How many sheets and towns a shortlist holds."""

_KEPT = ("layers", "group", "projet", "commune", "shortlist", "sort", "page")
"""What is only shown or kept."""

FRENCH = {
    **{one.key: one.label for one in FILTERS},
    "near": "Autour de",
    "within": "Distance (km)",
    "text": "Texte",
    "min_population": "Population minimale",
    "max_population": "Population maximale",
    "amount": "Montant connu",
    "layers": "Couches",
    "group": "Vue d’ensemble",
    "projet": "Fiche",
    "commune": "Commune",
    "shortlist": "Ma sélection",
    "sort": "Tri de la liste",
    "page": "Page de la liste",
}


@dataclass(frozen=True)
class Selection:
    """Filters, layers and the open sheet.

    Attributes
    ----------
    collection, region, departement, epci, programme, theme, topic, kind, actor
        Codes (:data:`villeactive.filters.FILTERS` says which); empty means no filter.
        ``programme`` is what the commune of a site carries.
        ``actor`` takes the organisations below it along.
    own
        Slugs of columns of tables, each with the values or ranges that it must have, see
        :mod:`villeactive.collections.own_columns`.
    near, within
        ``code_insee`` of a commune, and a distance in kilometres.
    text
        Words that the sheet must all hold, whatever accents and case.
    min_population, max_population
        Municipal population of the site's commune, bounds included.
    amount
        True keeps the sheets for which the book prints an amount.
    layers
        Layers of the map, see :mod:`villeactive.layers`; None means those drawn at first.
    group
        What circles by territory stand for, see :mod:`villeactive.layers`; None lets the map
        decide by the number of sites. Not a filter.
    projet
        Id of the open sheet.
    commune
        ``code_insee`` of the commune whose card is open beside the map; not a filter.
    shortlist
        Ids of the sheets and ``code_insee`` of the communes gathered while exploring, in that
        order; :func:`split` tells them apart.
    sort
        One of :data:`SORTS`, or « - » and one; None keeps the order of the collections.
    page
        Page of the list, from 1; one too far stands for the last.
    """

    collection: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    departement: tuple[str, ...] = ()
    epci: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    own: tuple[tuple[str, tuple[str, ...]], ...] = ()
    near: str | None = None
    within: int = DEFAULT_WITHIN_KM
    text: str = ""
    min_population: int | None = None
    max_population: int | None = None
    amount: bool = False
    layers: tuple[str, ...] | None = None
    group: str | None = None
    projet: str | None = None
    commune: str | None = None
    shortlist: tuple[str, ...] = ()
    sort: str | None = None
    page: int = 1

    def shown_layers(self, atlas: Atlas) -> tuple[str, ...]:
        """Give the layers to draw; places only cited are drawn when their kind is asked for."""
        layers = first_layers() if self.layers is None else self.layers
        cited = any(not atlas.kinds[code].counted for code in self.kind)
        return in_drawing_order({*layers, "mentions"}) if cited else layers

    @cached_property
    def filters(self) -> "Selection":
        """The same filters, without what is only shown or kept (layers, sheets, commune)."""
        return replace(self, **{name: getattr(Selection(), name) for name in _KEPT})

    @property
    def unfiltered(self) -> "Selection":
        """What is shown and kept, without any filter."""
        return Selection(**{name: getattr(self, name) for name in _KEPT})

    @property
    def is_empty(self) -> bool:
        """Whether no filter is set."""
        return self.filters == Selection(within=self.within)

    def to_query(self) -> dict[str, str]:
        """Write the selection as the query of an address: codes only, comma-separated."""
        query: dict[str, str] = {}
        for name in LISTS:
            if values := getattr(self, name):
                query[name] = ",".join(values)
        query |= {f"{PREFIX}{slug}": SEPARATOR.join(tests) for slug, tests in self.own}
        if self.near:
            query |= {"near": self.near, "within": str(self.within)}
        if self.text:
            query["text"] = self.text
        for name in ("min_population", "max_population"):
            if getattr(self, name) is not None:
                query[name] = str(getattr(self, name))
        if self.amount:
            query["amount"] = "known"
        if self.layers is not None and self.layers != first_layers():
            query["layers"] = ",".join(self.layers) or "none"
        if self.group:
            query["group"] = self.group
        if self.projet:
            query["projet"] = self.projet
        if self.commune:
            query["commune"] = self.commune
        if self.shortlist:
            query["shortlist"] = ",".join(self.shortlist)
        if self.sort:
            query["sort"] = self.sort
        if self.page > 1:
            query["page"] = str(self.page)
        return query


def describe(
    selection: Selection,
    atlas: Atlas,
    *,
    n_projects: int,
    n_mentions: int = 0,
    n_unlocated: int = 0,
) -> str:
    """Say a selection and its result in one line.

    Parameters
    ----------
    selection
        The filters in force.
    atlas
        For names.
    n_projects, n_mentions
        What was found; mentions are said when that kind is asked for, or their layer is drawn.
    n_unlocated
        How many of the projects have no place.

    Returns
    -------
    str
        « 3 projets · Nouvelle-Aquitaine · Petites villes de demain ».
    """
    cited = [not atlas.kinds[code].counted for code in selection.kind]
    only_mentions = bool(cited) and all(cited)
    counts = [] if only_mentions else [plural(n_projects, "projet")]
    if counts and n_unlocated:
        counts[0] += f", dont {plural(n_unlocated, 'non localisé', 'non localisés')}"
    drawn = "mentions" in selection.shown_layers(atlas) and n_mentions and not selection.kind
    if any(cited) or drawn:
        counts.append(plural(n_mentions, "lieu cité", "lieux cités"))
    count = enumeration(counts)
    said = [
        chip for name, chip in chips(selection, atlas) if not (only_mentions and name == "kind")
    ]
    return " · ".join([count, *said])


def chips(selection: Selection, atlas: Atlas) -> list[tuple[str, str]]:
    """Give each active filter as (key, words); several values of a filter are one chip."""
    found = []
    for name in LISTS:
        if values := getattr(selection, name):
            found.append((name, enumeration([name_of(name, v, atlas) for v in values], last="ou")))
    found += [
        (
            f"{PREFIX}{slug}",
            f"{column(slug, atlas)}{NBSP}: "
            + enumeration(
                [_asked(t, euros=atlas.own_columns[slug].euros) for t in tests], last="ou"
            ),
        )
        for slug, tests in selection.own
    ]
    if selection.near:
        town = typographic(atlas.communes.loc[selection.near, "name"])
        found.append(("near", f"à moins de {selection.within}{NBSP}km {of(town)}"))
    if selection.min_population is not None or selection.max_population is not None:
        found.append(("population", _size(selection.min_population, selection.max_population)))
    if selection.amount:
        found.append(("amount", "montant connu"))
    if selection.text:
        found.append(("text", f"«{NBSP}{selection.text}{NBSP}»"))
    return found


def lifted(chip: str) -> dict[str, object]:
    """Give what an active filter, named as :func:`chips` does, holds once it is lifted."""
    blank = Selection()
    keys = {"population": ("min_population", "max_population"), "near": ("near", "within")}
    return {key: getattr(blank, key) for key in keys.get(chip, (chip,))}


def column(slug: str, atlas: Atlas) -> str:
    """Give the header of a column of a table."""
    return typographic(atlas.own_columns[slug].header)


def _asked(test: str, *, euros: bool) -> str:
    """Say a value or a range: « de 2019 à 2023 », « au plus 100 000 € »."""
    low, apart, high = test.partition("..")
    if not apart:
        return test
    said = [number(float(one)) if one and (euros or len(one) > 4) else one for one in (low, high)]
    unit = f"{NBSP}€" if euros else ""
    if low and high:
        return f"de {said[0]} à {said[1]}{unit}"
    return (f"au moins {said[0]}" if low else f"au plus {said[1]}") + unit


def with_own(selection: Selection, slug: str, tests: Sequence[str]) -> Selection:
    """Set what a column of a table must have; nothing lifts it."""
    others = [(name, held) for name, held in selection.own if name != slug]
    own = [*others, (slug, tuple(tests))] if tests else others
    return replace(selection, own=tuple(sorted(own)))


def without(selection: Selection, chip: str) -> Selection:
    """Lift one active filter, named as :func:`chips` does."""
    if chip.startswith(PREFIX):
        return with_own(selection, chip.removeprefix(PREFIX), ())
    return replace(selection, **lifted(chip))


def _size(low: int | None, high: int | None) -> str:
    """Say bounds of population."""
    if low is not None and low == high:
        return f"{number(low)} habitants"
    if low is not None and high is not None:
        return f"de {number(low)} à {number(high)} habitants"
    if low is not None:
        return f"au moins {plural(low, 'habitant')}"
    return f"au plus {plural(high, 'habitant')}"


def name_of(field: str, code: str, atlas: Atlas) -> str:
    """Give the French name of a code of a filter."""
    return atlas.organisations[code].shown if field == "actor" else known_values(field, atlas)[code]


def known_values(field: str, atlas: Atlas) -> Mapping[str, str]:
    """Give the values that a filter takes, code → French name."""
    if field == "layers":
        return {code: code for code in every_layer()}
    return _values(atlas, field)


@kept_with_first(len(FILTERS))
def _values(atlas: Atlas, field: str) -> Mapping[str, str]:
    """Name the values of a filter once: those of tables have as many actors as rows."""
    return BY_KEY[field].values(atlas)


def from_query(query: Mapping[str, Any], atlas: Atlas) -> tuple[Selection, list[str]]:
    """Read a selection from the query of an address.

    Parameters
    ----------
    query
        Key → value, or list of values; several values of a filter are comma-separated.
        Keys that are not ours are left alone.
    atlas
        To know which codes live.

    Returns
    -------
    Selection
        With the values that hold.
    list of str
        One French sentence per value that was dropped.
    """
    values: dict[str, Any] = {}
    dropped: list[str] = []
    given = {field.name for field in fields(Selection)} & set(query) - {"own"}
    for name in sorted(given):
        raw = query[name]
        text = ",".join(raw) if isinstance(raw, list) else str(raw)
        values[name] = _read(name, text, atlas, dropped)
    clean = {name: value for name, value in values.items() if value is not None}
    if own := _own(query, atlas, dropped):
        clean["own"] = own
    low, high = clean.get("min_population"), clean.get("max_population")
    if low is not None and high is not None and low > high:
        clean |= {"min_population": high, "max_population": low}
    return Selection(**clean), dropped


_SORTED = tuple(f"{sign}{key}" for key in SORTS for sign in ("", "-"))
"""Words that ``sort`` takes."""


def _read(name: str, text: str, atlas: Atlas, dropped: list[str]) -> Any:
    """Read the value of one key; None and a sentence in ``dropped`` when it does not hold."""
    if name == "text":
        return typed(text)[:MAX_TEXT]
    if name == "layers":
        return () if text == "none" else _codes(name, text, set(every_layer()), dropped) or None
    if name == "shortlist":
        return _gathered(text, atlas, dropped)
    if name in LISTS:
        return _codes(name, _spelt(text) if name == "departement" else text,
                      known_values(name, atlas), dropped)  # fmt: skip
    if name == "amount":
        valid = text == "known"
        value: Any = True
    elif name == "sort":
        valid = text in _SORTED
        value = text
    elif name == "group":
        valid = read_group(text, atlas.own_columns) is not None
        value = text
    elif name in {"near", "projet", "commune"}:
        valid = text in (atlas.sheets if name == "projet" else atlas.communes.index)
        value = text
    else:
        valid = (
            text.isascii()
            and text.isdigit()
            and len(text) < 9
            and (name not in {"within", "page"} or int(text) > 0)
        )
        value = int(text) if valid else None
    if not valid:
        dropped.append(_gone(name, text))
    return value if valid else None


def _own(query: Mapping[str, Any], atlas: Atlas, dropped: list[str]) -> tuple:
    """Read the filters by columns of tables; those that no table has are dropped, and said."""
    found = []
    for key in sorted(key for key in query if key.startswith(PREFIX)):
        raw, slug = query[key], key.removeprefix(PREFIX)
        text = SEPARATOR.join(raw) if isinstance(raw, list) else str(raw)
        known = atlas.own_columns.get(slug)
        tests = list(dict.fromkeys(filter(None, text.split(SEPARATOR))))
        held = [test for test in tests if known and known.holds(test)]
        name = known.header if known else f"Colonne «{NBSP}{slug[:40]}{NBSP}»"
        dropped += [lost(name, test, "ce filtre de l’adresse est laissé de côté")
                    for test in tests if test not in held]  # fmt: skip
        if held:
            found.append((slug, tuple(held)))
    return tuple(found)


def _spelt(text: str) -> str:
    """Write départements of an address as codes: ``D62,20`` is ``62,2A,2B``."""
    cells = [(cell, departement_codes(cell)) for cell in text.split(",")]
    return ",".join(",".join(sorted(codes)) if codes else cell for cell, codes in cells)


def _codes(name: str, text: str, known: Container[str], dropped: list[str]) -> tuple[str, ...]:
    """Keep the codes that live, each once, in the order given."""
    codes = list(dict.fromkeys(code.strip() for code in text.split(",") if code.strip()))
    dropped += [_gone(name, code) for code in codes if code not in known]
    return tuple(code for code in codes if code in known)


def _gathered(text: str, atlas: Atlas, dropped: list[str]) -> tuple[str, ...]:
    """Keep the sheets and communes that live, as many as a shortlist holds."""
    asked = set(map(str.strip, text.split(",")))
    known = {name for name in asked if name in atlas.communes.index or name in atlas.sheets}
    kept = _codes("shortlist", text, known, dropped)
    if len(kept) > MOST_GATHERED:
        dropped.append(f"Ma sélection tient {MOST_GATHERED} fiches et communes{NBSP}: les "
                       "suivantes ont été écartées de l’adresse.")  # fmt: skip
    return kept[:MOST_GATHERED]


def split(shortlist: Sequence[str], atlas: Atlas) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part what was gathered into ids of sheets and ``code_insee`` of communes, each in order.

    No id of a sheet has the form of a code.
    """
    sheets = tuple(name for name in shortlist if name in atlas.sheets)
    return sheets, tuple(name for name in shortlist if name not in atlas.sheets)


def _gone(name: str, value: str) -> str:
    """Say that a value of the address was dropped."""
    what = "cette partie de l’adresse" if name in _KEPT else "ce filtre de l’adresse"
    said = f"{what} est laissé{'e' if name in _KEPT else ''} de côté"
    return lost(FRENCH[name], value, said)


def lost(name: str, value: str, said: str) -> str:
    """Say that a value of an address is not known, and what is then done."""
    return f"{name}{NBSP}: «{NBSP}{value[:60]}{NBSP}» n’existe pas ou plus{NBSP}; {said}."
