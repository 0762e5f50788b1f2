"""Place what a row asks: the order of proof.

1. Code and name agree: they win over département, postcode and point.
2. They disagree: the point decides when it is at exactly one of the communes that they mean.
3. The code is unknown: the name and its département say which.
4. Homonyms: département, postcode, région, EPCI, then the point.
5. A name that no commune bears, with the postcode of one commune: a locality of it.
6. A code against a point alone: the code.
7. A point alone: the commune that holds it, unless a border is near.
"""

import functools
import re
from collections import Counter
from dataclasses import replace

from villeactive.geography.gazetteer import (
    communes,
    current_names,
    departement_codes,
    is_outside,
    place_key,
)
from villeactive.geography.locate import OUTSIDE_REASON, Location
from villeactive.geography.place_query import as_code
from villeactive.geography.place_reasons import BOTH_AGREE
from villeactive.tables import points, territories
from villeactive.tables.agreement import (
    CONTRADICTS,
    agreeing,
    commune_of_code,
    find,
    is_former,
    is_named,
    name_agrees,
    near_spellings,
    told_aside,
)
from villeactive.tables.places import (
    AMBIGUOUS,
    CORRECTED,
    FOUND,
    Asked,
    Place,
    ambiguous,
    at_commune,
    has_point,
    missing,
)
from villeactive.tables.territories import named_kind
from villeactive.tables.wide import place_territory, scale_of

_BETWEEN = re.compile(r"[,;|/\n+&]|\s-\s|\set\s", re.IGNORECASE)
_MANY = 30  # communes that a cell names
_NO_OTHER = Asked(*[""] * 8)[3:]
NO_TOWN = "Aucune commune n’est donnée."


def place(asked: Asked) -> Place:
    """Return the place that a row means; never raises."""
    plain = _plain(asked)
    if plain:
        return plain
    scale = scale_of(asked)
    if scale and scale != "commune":
        return place_territory(asked, scale)
    return _in_commune(asked)


def _plain(asked: Asked) -> Place | None:
    """Answer the plainest questions at once: a code, or a name in its département, of today."""
    if asked[3:] != _NO_OTHER:
        return None
    name, code, departement = asked[:3]
    if code in communes() and not (name or departement):
        return at_commune(code, FOUND, by=("code",), reason=f"Code INSEE {code}.")
    codes = departement_codes(departement) if name and departement else None
    if not codes or len(codes) > 1:
        return None
    found = _plain_names().get((place_key(name), next(iter(codes))))
    if found is None or code not in ("", found):
        return None
    by = ("code", "name", "departement") if code else ("name", "departement")
    return _plainly_at(found, by)


@functools.lru_cache(maxsize=100_000)
def _plainly_at(code: str, by: tuple[str, ...]) -> Place:
    """Return one answer for the many spellings of a town."""
    return at_commune(code, FOUND, by=by, reason=BOTH_AGREE)


@functools.cache
def _plain_names() -> dict[tuple[str, str], str]:
    """Map name and département to the only commune of today that bears it there."""
    found = {}
    for name, codes in current_names()[0].items():
        homes = Counter(communes()[code].departement for code in codes)
        for code in codes:
            home = communes()[code].departement
            if homes[home] == 1 and not named_kind(name):
                found[name, home] = code
    return found


def _in_commune(asked: Asked) -> Place:
    """Answer at the scale of communes."""
    if asked.name and territories.is_body(asked.name):
        return _of_body(asked)
    by_code = commune_of_code(asked.code) if asked.code else None
    if not by_code and _is_outside(asked):
        return missing("outside", OUTSIDE_REASON)
    if asked.name and by_code:
        return _by_code_and_name(asked, by_code)
    if asked.name:
        return _by_name(asked)
    if by_code:
        return _by_code(asked, by_code)
    if asked.postcode:
        return _by_postcode(asked)
    if asked.code and not has_point(asked):
        return missing("unknown_name", f"Le code «\u00a0{asked.code}\u00a0» est inconnu.")
    if asked.lon is not None:
        return _by_point(asked)
    return missing("no_town", NO_TOWN)


def _of_body(asked: Asked) -> Place:
    """Answer for a company by its other cells: its name is near no town's."""
    answer = _in_commune(asked._replace(name=""))
    if answer.reason_code == "no_town":
        said = f"«\u00a0{asked.name}\u00a0» est un organisme, non une commune."
        return missing("not_an_epci", said)
    if answer.status not in (FOUND, CORRECTED):
        return answer
    said = f"{answer.reason} {told_aside(asked, ['name'])}".strip()
    why = answer.reason_code or "locality"
    return replace(answer, status=CORRECTED, reason_code=why, reason=said)


def _is_outside(asked: Asked) -> bool:
    code, postcode = as_code(asked.code)[0], as_code(asked.postcode)[0]
    return is_outside(code=code, postcode=postcode, departement=asked.departement) or is_outside(
        departement=asked.region
    )


def _answer(asked: Asked, code: str, reason: str = "", why: str | None = None) -> Place:
    """Answer with a commune: found when every cell agrees, else corrected, saying which do not."""
    agree, aside = agreeing(asked, code)
    if aside:
        # a name set aside is a locality, unless another cell says more
        reason_code = why or next(CONTRADICTS[r] for r in CONTRADICTS if r in aside)
    else:
        reason_code = "former" if is_former(asked, code) else None
    point = (asked.lon, asked.lat) if "point" in agree else None
    said = " ".join(part for part in (reason, told_aside(asked, aside)) if part)
    status = CORRECTED if aside else FOUND
    return at_commune(
        code, status, by=tuple(agree), reason_code=reason_code, reason=said, point=point
    )


def _at_point(codes: list[str], asked: Asked) -> str | None:
    """Return the only one of some communes at which the point of a row is."""
    if not has_point(asked):
        return None
    return points.decided(list(dict.fromkeys(codes)), asked.lon, asked.lat)


def _codes(found: Location) -> list[str]:
    """Return the communes that an answer means for sure, one or several."""
    if found.status == FOUND:
        return [found.code_insee]
    return [c.code_insee for c in found.candidates] if found.status == AMBIGUOUS else []


def _by_code_and_name(asked: Asked, code: str) -> Place:
    """Rules 1 and 2."""
    if name_agrees(asked.name, code):
        return _answer(asked, code, find("", "", asked.code).reason)
    agree, aside = agreeing(asked, code)
    here = communes()[code].departement
    meant = _codes(find(asked.name, asked.departement, "", asked.postcode))
    meant = meant or _codes(find(asked.name, here)) or _codes(find(asked.name))
    meant = [one for one in meant or near_spellings(asked.name, here) if one != code]
    decided = _at_point([code, *meant], asked)
    if decided:
        return _answer(asked, decided, why=None if decided == code else "code_contradicts")
    if not meant and aside == ["name"]:  # a locality, which nothing else denies
        return _answer(asked, code, why="locality")
    told = communes()[code]
    said = (
        f"Le code {asked.code} désigne {told.name} ({told.departement}), "
        f"non «\u00a0{asked.name}\u00a0»."
    )
    if not meant:
        return missing("code_contradicts", said, (code,))
    return ambiguous("code_contradicts", said, [code, *meant])


def _by_code(asked: Asked, code: str) -> Place:
    """Answer a code without a name: rule 6; a département that denies it needs a second proof."""
    alone = find("", asked.departement, asked.code)
    agree, aside = agreeing(asked, code)
    there = _codes(find("", "", "", asked.postcode)) if "postcode" in aside else []
    if there and "point" not in agree:
        said = f"Le code {asked.code} n’est pas du code postal {asked.postcode}."
        return ambiguous("code_contradicts", said, [code, *there])
    if alone.status == FOUND or (set(agree) & {"postcode", "point"}):
        return _answer(asked, code, find("", "", asked.code).reason)
    if alone.status == AMBIGUOUS and len(alone.candidates) > 1:
        decided = _at_point(_codes(alone), asked)
        if decided:
            return _answer(asked, decided)
        return ambiguous("code_contradicts", alone.reason, _codes(alone))
    reason_code = "departement_contradicts" if "departement" in aside else "code_contradicts"
    return missing(reason_code, alone.reason, tuple(c.code_insee for c in alone.candidates))


def _by_name(asked: Asked) -> Place:
    """Rules 3, 4 and 5: a name without a code that means anything."""
    departement = asked.departement or _region_name(asked.region) or _head(asked.code)
    found = find(asked.name, departement, "", asked.postcode)
    if found.reason == OUTSIDE_REASON:
        return missing("outside", OUTSIDE_REASON)
    if found.status == FOUND:
        return _by_name_found(asked, found)
    if found.status == AMBIGUOUS:
        return _among(asked, found)
    proven = _proven_twice(asked, departement)
    if len(proven) == 1:
        return _answer(asked, proven[0])
    if proven:
        said = "Le nom et le département disent une commune, le nom et le code postal une autre."
        return ambiguous("postcode_contradicts", said, proven)
    bearers = _codes(find(asked.name))
    decided = _at_point(bearers, asked)
    if decided:
        return _answer(asked, decided)
    if not bearers:
        return (
            _several(asked)
            or _locality(asked)
            or missing("unknown_name", found.reason, tuple(c.code_insee for c in found.candidates))
        )
    why = (
        "departement_contradicts"
        if asked.departement or asked.region
        else ("code_contradicts" if departement else "postcode_contradicts")
    )
    return missing(why, found.reason, tuple(bearers))


def _several(asked: Asked) -> Place | None:
    """Offer the communes of a cell that names several, all of them sure."""
    parts = [part.strip() for part in _BETWEEN.split(asked.name)]
    if len(parts) < 2 or len(parts) > _MANY:
        return None
    codes = [find(part, asked.departement).code_insee for part in parts if part]
    if None in codes or len(set(codes)) < 2:
        return None
    said = (
        f"La cellule nomme {len(set(codes))} communes\u00a0: une ligne par commune les placerait."
    )
    return ambiguous("homonym", said, codes)


def _by_name_found(asked: Asked, found: Location) -> Place:
    """Answer a name found: alone against a point that denies it, it proves nothing."""
    code = found.code_insee
    agree, aside = agreeing(asked, code)
    alone = not {"departement", "region", "postcode", "epci"} & set(agree)
    if alone and "point" in aside and has_point(asked):
        near = [one for one in points.around(asked.lon, asked.lat) if one != code]
        if near:
            said = f"Le nom désigne {found.name} ({found.departement}), le point est ailleurs."
            return ambiguous("point_far", said, [code, *near])
    if alone and "postcode" in aside and not is_named(asked.name, code):
        # « Lisle, 81120 »: neither the whole name nor the postcode of Lisle-sur-Tarn
        said = f"«\u00a0{asked.name}\u00a0» n’a pas le code postal {asked.postcode}."
        return missing("postcode_contradicts", said, (code,))
    others = [] if set(agree) & {"postcode", "point"} else _rivals(asked, code, aside)
    if others:
        said = f"«\u00a0{asked.name}\u00a0» est aussi où disent les autres cellules."
        return ambiguous("departement_contradicts", said, [code, *others])
    return _answer(asked, code, found.reason)


def _rivals(asked: Asked, code: str, aside: list[str]) -> list[str]:
    """Return the other communes of a name that the région or the EPCI set aside would mean."""
    roles = [role for role in ("region", "epci") if role in aside]
    bearers = [one for one in _codes(find(asked.name)) if one != code] if roles else []
    return [one for one in bearers if set(roles) & set(agreeing(asked, one)[0])]


def _proven_twice(asked: Asked, departement: str) -> list[str]:
    """Return the communes that the name means with its département, and with its postcode."""
    if not (departement and asked.postcode):
        return []
    answers = (find(asked.name, departement), find(asked.name, "", "", asked.postcode))
    codes = dict.fromkeys(one.code_insee for one in answers if one.status == FOUND)
    return [
        code
        for code in codes
        if "name" in (agree := agreeing(asked, code)[0])
        and {"departement", "region", "postcode"} & set(agree)
    ]


def _region_name(cell: str) -> str:
    """Return the name of a région given by name or code, or nothing."""
    region = territories.region(cell) if cell else None
    return region.name if region else ""


def _head(code: str) -> str:
    """Return the département that an unknown code begins with."""
    found = re.fullmatch(r"(97\d|2[abAB]|\d{2})\w{2,3}", code.strip())
    return found[1] if found and territories.departement(found[1], code=True) else ""


def _among(asked: Asked, found: Location) -> Place:
    """Rule 4: let région, EPCI, then the point part homonyms."""
    codes = _codes(found)
    for role in ("region", "epci"):
        if getattr(asked, role):
            kept = [code for code in codes if role in agreeing(asked, code)[0]]
            if len(kept) == 1:
                return _answer(asked, kept[0])
            codes = kept or codes
    decided = _at_point(codes, asked)
    if decided:
        return _answer(asked, decided)
    return ambiguous("homonym", found.reason, [*codes, *_territories_named(asked.name)])


def _territories_named(name: str) -> list[str]:
    """Return the code of the département or région that bears a bare name, « Loire »."""
    found = (territories.departement(name), territories.region(name))
    return [territory.code for territory in found if territory]


def _locality(asked: Asked) -> Place | None:
    """Rule 5: a name that no commune bears, in the one commune of a postcode."""
    if not asked.postcode:
        return None
    there = find("", asked.departement, "", asked.postcode)
    codes = _codes(there)
    decided = codes[0] if len(codes) == 1 else _at_point(codes, asked)
    if decided is None:
        return None
    near = near_spellings(asked.name, communes()[decided].departement)
    if set(near) - {decided}:
        said = f"«\u00a0{asked.name}\u00a0» n’est pas du code postal {asked.postcode}."
        return ambiguous("postcode_contradicts", said, [decided, *near])
    return _answer(asked, decided, there.reason, why="locality")


def _by_postcode(asked: Asked) -> Place:
    """Answer a postcode without a name."""
    found = find("", asked.departement, "", asked.postcode)
    if found.status == FOUND:
        near = points.around(asked.lon, asked.lat) if has_point(asked) else []
        if near and "point" not in agreeing(asked, found.code_insee)[0]:
            said = f"Le point n’est pas du code postal {asked.postcode}."
            return ambiguous("postcode_contradicts", said, [found.code_insee, *near])
        return _answer(asked, found.code_insee, found.reason)
    if found.status == AMBIGUOUS:
        return _among(asked, found)
    if has_point(asked):
        return _by_point(asked)
    return missing("no_town" if not asked.departement else "postcode_contradicts", found.reason)


def _by_point(asked: Asked) -> Place:
    """Rule 7."""
    near = points.around(asked.lon, asked.lat) if has_point(asked) else []
    if asked.departement:
        kept = [code for code in near if "departement" in agreeing(asked, code)[0]]
        if near and not kept:
            return missing(
                "departement_contradicts",
                f"Le point n’est pas dans le département «\u00a0{asked.departement}\u00a0».",
                tuple(near),
            )
        near = kept
    if len(near) == 1 and points.distance_m(near[0], asked.lon, asked.lat) == 0:
        return _answer(asked, near[0], "Commune du point donné.")
    if len(near) > 1:
        said = f"Le point est à moins de {points.BORDER_M} m d’une limite de communes."
        return ambiguous("homonym", said, near)
    return missing("point_far", "Le point donné n’est dans aucune commune.")
