"""Place a row at a scale wider than a commune: EPCI, département, région.

A territory is an answer only when something says so: a cell of scale, a SIREN, its code in a
column of such codes, or its kind in its name. A bare name is a commune's.
"""

import re

from rapidfuzz import fuzz

from villeactive.geography.gazetteer import communes, departement_codes
from villeactive.geography.territories import Territory, sirens
from villeactive.tables import roles, territories
from villeactive.tables.places import (
    CORRECTED,
    FOUND,
    Asked,
    Place,
    ambiguous,
    at_territory,
    missing,
)
from villeactive.text import enumeration, fold

_ALIKE = 80  # of 100, between the name given and that of the SIREN given


def scale_of(asked: Asked) -> str | None:
    """Return the scale that a row says, or None when only a commune may be meant.

    ``other`` is a body that is no EPCI: a syndicat, a park, an association.
    """
    said = roles.scale(asked.scale) if asked.scale else None
    if said:
        return said
    if asked.scale and territories.named_kind(asked.scale) == "other":
        return "other"
    if siren(asked.code):
        return "epci"
    kind = territories.named_kind(asked.name) if asked.name else None
    if kind:
        return kind
    if asked.name and roles.is_division_code(asked.code):
        return _of_division(asked)
    if (
        not asked.name
        and not asked.code
        and (siren(asked.epci) or territories.named_kind(asked.epci) == "epci")
    ):
        return "epci"
    return None


def siren(cell: str) -> str | None:
    """Return the SIREN of an EPCI that a cell holds."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", cell).removesuffix(".0")
    return bare if bare in sirens() else None


def _of_division(asked: Asked) -> str | None:
    """Return the scale of a code of two digits, when the name is that of what bears it."""
    for scale, read in (("departement", territories.departement), ("region", territories.region)):
        by_code, by_name = read(asked.code, code=True), read(asked.name)
        if by_code and by_name and by_code.code == by_name.code:
            return scale
    return None


def place_territory(asked: Asked, scale: str) -> Place:
    """Answer at a scale wider than a commune."""
    if scale == "other":
        said = f"«\u00a0{asked.name}\u00a0» n’est ni une commune ni une intercommunalité."
        return missing("not_an_epci", said)
    name, code = asked.name, asked.code
    if territories.is_alsace(name or getattr(asked, scale)):
        scale = "departement"
    if scale == "epci":
        code = siren(asked.code) or siren(asked.epci) or ""
        name = asked.name or ("" if siren(asked.epci) else asked.epci)
        if territories.named_kind(name) == "other" and not code:
            return place_territory(asked, "other")
    elif not name and not code:
        name = getattr(asked, scale)
    codes = departement_codes(asked.departement) if asked.departement else None
    found = territories.resolve(scale, name, code, codes)
    if not found and scale == "epci" and codes:
        found = territories.resolve(scale, name, code, None)
    if len(found) > 1 and codes and scale == "departement":
        found = [territory for territory in found if territory.code in codes] or found
    if len(found) > 1:
        shown = enumeration([f"{territory.name} ({territory.code})" for territory in found])
        said = f"«\u00a0{name or code}\u00a0» désigne {len(found)} territoires\u00a0: {shown}."
        same = all(fold(territory.name) == fold(found[0].name) for territory in found)
        denied = bool(name and code) and scale != "epci" and not same
        both = "code_contradicts" if denied else "homonym"
        return ambiguous(both, f"{said} Précisez lequel.", [t.code for t in found])
    if not found:
        nouns = {"epci": "Aucune intercommunalité", "departement": "Aucun département",
                 "region": "Aucune région"}  # fmt: skip
        given = name or code
        if not given:
            return missing("no_town", "Aucun territoire n’est donné.")
        return missing("unknown_name", f"{nouns[scale]} ne s’appelle «\u00a0{given}\u00a0».")
    return _answer(asked, found[0], name, code)


def _answer(asked: Asked, territory: Territory, name: str, code: str) -> Place:
    """Answer with a territory: found when its name, its code and its département agree."""
    agree, aside = [], []
    if name:
        role = "name" if asked.name else ("epci" if territory.scale == "epci" else territory.scale)
        (agree if not code or _same_name(name, territory) else aside).append(role)
    if code:
        agree.append("code" if siren(asked.code) or territory.scale != "epci" else "epci")
    if asked.scale:
        agree.append("scale")
    if asked.departement and territory.scale != "region":
        given = departement_codes(asked.departement) or frozenset()
        here = {communes()[one].departement for one in territory.communes}
        (agree if here & given else aside).append("departement")
    if aside == ["name"] and territory.scale == "epci":
        others = [t for t in territories.epci_named(name) if t.code != territory.code]
        if others:
            said = (
                f"Le SIREN {code} est de «\u00a0{territory.name}\u00a0», non «\u00a0{name}\u00a0»."
            )
            return ambiguous("code_contradicts", said, [territory.code, *(t.code for t in others)])
    why = {"name": "unknown_name", "departement": "departement_contradicts"}
    reason_code = next((why.get(role) for role in aside if role in why), None)
    former = {"epci": "former_epci", "region": "former_region", "departement": "former"}
    if not aside and territory.former:
        reason_code = former[territory.scale]
    note = f"{territory.name}\u00a0: {territory.former}. " if territory.former else ""
    drawn = communes()[territory.drawn_at].name
    return at_territory(
        territory,
        CORRECTED if aside else FOUND,
        by=tuple(dict.fromkeys(agree)),
        reason_code=reason_code,
        reason=f"{note}Territoire dessiné à {drawn}.",
    )


def _same_name(name: str, territory: Territory) -> bool:
    """Tell whether a name is that of a territory, its kind and its acronym set apart."""
    if territory.scale != "epci":
        return True
    named = territories.epci_named(name)
    if named:
        return any(one.code == territory.code for one in named)
    # « métropole » in both says nothing
    return fuzz.token_set_ratio(*map(territories.core, (name, territory.name))) >= _ALIKE
