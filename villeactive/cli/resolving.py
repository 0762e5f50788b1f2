"""What people write for a filter, a town or a column → the codes that the atlas knows."""

import difflib

from villeactive.atlas import Atlas
from villeactive.errors import UnknownValueError
from villeactive.geography.gazetteer import departement_codes
from villeactive.geography.locate import locate
from villeactive.kept_with import kept_with_first
from villeactive.selection import FRENCH, known_values
from villeactive.text import fold

_SHORT_LIST = 18
_SHORTER_LIST = 9
"""A closed list up to this long is given whole to who named none of its values."""

_KIND = {"cc", "ca", "cu", "communaute", "communautes", "commune", "communes", "agglomeration",
         "agglo", "urbaine", "metropole", "eurometropole", "de", "du", "des", "d", "la", "le",
         "les", "l"}  # fmt: skip
"""Words of the kind of an EPCI, which people leave out: « Lorient »."""


def resolve(field: str, value: str, atlas: Atlas) -> tuple[str, ...]:
    """Codes that a value of a filter means, given by code or by name.

    Parameters
    ----------
    field
        Key of one of :data:`villeactive.filters.FILTERS`.
    value
        Code or name, whatever accents and case; a département in any way that a cell says one
        (``062``, ``D62``; several codes for ``20``, ``97`` or a région).
    atlas
        The whole atlas.

    Raises
    ------
    UnknownValueError
        Nothing matches, or several EPCI bear the name; the nearest valid values are given.
    """
    known = known_values(field, atlas)
    names = _names(atlas, field)
    wanted = fold(value)
    codes = names.get(wanted) or names.get(wanted.lstrip("0").zfill(2)) or ()
    if field == "departement":
        codes = tuple(sorted(departement_codes(value) or ()))
    if field == "epci" and not codes:
        codes = _epci(atlas).get(_bare(value), ())
    if len(codes) == 1 or (codes and field == "departement"):
        return codes
    if len(codes) > 1:
        shown = [f"{code} ({known[code]}, {_seat(code, atlas)})" for code in codes]
        raise UnknownValueError(
            FRENCH[field], value, shown, says="est un nom que plusieurs portent"
        )
    near = [name for name in names if wanted and wanted in name]
    near += difflib.get_close_matches(wanted, names, n=8, cutoff=0.4)
    codes = list(dict.fromkeys(code for name in near for code in names[name]))[:3]
    if not codes and len(known) <= _SHORT_LIST or len(known) <= _SHORTER_LIST:
        codes = list(dict.fromkeys([*codes, *known]))
    shown = [f"{code} ({known[code]})" if code != known[code] else code for code in codes]
    raise UnknownValueError(FRENCH[field], value, shown)


@kept_with_first(32)
def _names(atlas: Atlas, field: str) -> dict[str, tuple[str, ...]]:
    """Map every folded way to name a value of a filter to its code, to several for homonyms."""
    known = known_values(field, atlas)
    names: dict[str, tuple[str, ...]] = {}
    for code, name in known.items():
        names[fold(name)] = (*names.get(fold(name), ()), code)
    if field == "actor":
        names |= {fold(o.short): (o.id,) for o in atlas.organisations.values() if o.short}
    if field in {"programme", "theme"}:
        names |= {fold(term.short): (code,) for code, term in atlas.terms(f"{field}s").items()}
    return names | {fold(code): (code,) for code in known}


def resolve_town(field: str, value: str, atlas: Atlas) -> str:
    """``code_insee`` of the commune that a value means.

    Parameters
    ----------
    field
        ``near`` (« autour de ») or ``commune``, to say which was wrong.
    value
        Code or name of a commune.
    atlas
        The whole atlas.

    Raises
    ------
    UnknownValueError
        Nothing matches, or several communes: a shared name is never guessed, its candidates are
        given.
    """
    if value in atlas.communes.index:
        return value
    found = locate(value)
    if found.status != "found":
        shown = [f"{c.code_insee} ({c.name}, {c.departement_name})" for c in found.candidates[:4]]
        says = "désigne plusieurs communes" if found.status == "ambiguous" else "est inconnu"
        raise UnknownValueError(FRENCH[field], value, shown, says=says)
    return found.code_insee


def resolve_where(text: str, atlas: Atlas) -> tuple[str, str]:
    """Read « colonne=valeur »: slug of a column and its value or range.

    Raises
    ------
    UnknownValueError
        No collection has this column, or no project this value; the nearest are given.
    """
    name, _, value = text.partition("=")
    columns = atlas.own_columns
    slug = next(
        (s for s, one in columns.items() if fold(name) in (fold(s), fold(one.header))), None
    )
    if slug is None:
        near = difflib.get_close_matches(name, [one.header for one in columns.values()], cutoff=0.4)
        raise UnknownValueError("Colonne", name, near)
    test = columns[slug].spelt(value.strip())
    if test is None:
        known = list(columns[slug].projects)
        near = difflib.get_close_matches(value, known, cutoff=0.4) or known[:_SHORTER_LIST]
        raise UnknownValueError(columns[slug].header, value, near)
    return slug, test


def _seat(siren: str, atlas: Atlas) -> str:
    """Return the département of most of the communes of an EPCI."""
    homes = atlas.communes.loc[atlas.communes["epci"] == siren, "departement_name"]
    return str(homes.mode().iat[0])


def _bare(name: str) -> str:
    """Return the name of an EPCI without the words of its kind: ``lorient``."""
    return " ".join(word for word in fold(name).split() if word not in _KIND)


@kept_with_first()
def _epci(atlas: Atlas) -> dict[str, tuple[str, ...]]:
    """Return the SIREN of the EPCI that bear each bare name."""
    names: dict[str, tuple[str, ...]] = {}
    for siren, name in atlas.epci.items():
        names[_bare(name)] = (*names.get(_bare(name), ()), siren)
    return names
