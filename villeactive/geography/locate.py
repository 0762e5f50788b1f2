"""Find the commune that a text means, and say why when there is none, or more than one.

The rules, in order:

1. A code decides, current or former (``75119`` is Paris), when the name does not contradict it;
   when it does, the answer is ``ambiguous`` with both sides as candidates.
2. A name with its département (argument, suffix in brackets or after a comma, postcode) is found
   among the current names of that département, then among its former names.
3. A name alone is found when one current commune bears it and no former commune elsewhere did;
   otherwise it is ``ambiguous``: population never decides.
4. A name written without its article is tried when the name as written gives nothing.
5. A name absent from the département asked for, or unknown, is ``missing``; the candidates are its
   homonyms elsewhere, or the nearest spellings.

Whatever the input, nothing is raised: asked = found + ambiguous + missing.
"""

import re
from dataclasses import dataclass, replace

from villeactive.geography.gazetteer import (
    Candidate,
    Former,
    arrondissements,
    communes,
    current_names,
    departements_of,
    is_outside,
    old_codes,
    old_names,
    outside_names,
    postcodes,
    rows,
    territories,
)
from villeactive.geography.name_bearers import bears, is_slip, named, narrow, near_of_postcode
from villeactive.geography.name_variants import BARE_WORDS, rewritten
from villeactive.geography.near_names import begun_in, longer, nearest, one_letter_off_in
from villeactive.geography.place_query import ARRONDISSEMENT, NOTE, Question, as_code, question
from villeactive.geography.place_reasons import (
    agreement,
    capital,
    names_words,
    not_of,
    not_there,
    old_words,
    place_words,
)
from villeactive.text import NBSP

FOUND, AMBIGUOUS, MISSING = "found", "ambiguous", "missing"
NOTHING_GIVEN = "Aucun nom ni code n’est donné."
OUTSIDE_REASON = f"hors de l’atlas{NBSP}: collectivité d’outre-mer"
_GONE = ("ancienne", "ancien_nom")
_RECENT = "2016"
"""Year from which the bearer of a name, gone since, is a rival whatever its size."""
_LARGER = 10
"""Times larger than the commune of today must be what took in a former one of the same name."""


@dataclass(frozen=True)
class Location:
    """What a text means.

    ``status`` is ``found``, ``ambiguous`` or ``missing``; ``code_insee``, ``name`` and
    ``departement`` (code) are those of the current commune, None unless found. ``reason`` is a
    French sentence. ``candidates`` come by population when ambiguous, by likeness of spelling
    when missing.
    """

    status: str
    code_insee: str | None
    name: str | None
    departement: str | None
    reason: str
    candidates: tuple[Candidate, ...] = ()


def locate(
    name: str | None = None,
    *,
    departement: str | None = None,
    code_insee: str | None = None,
    postcode: str | None = None,
) -> Location:
    """Find the commune that a name, a code or a postcode means.

    Parameters
    ----------
    name
        The commune's name, current or former, with or without accents, hyphens and article; may
        carry its département (« Rochefort (17) ») or postcode (« 71100 Chalon-sur-Saône »).
    departement
        Number (``71``, ``1``, ``2A``) or name.
    code_insee
        INSEE code, current or former; a lost leading zero is put back and told.
    postcode
        Postcode, used to narrow homonyms.

    Returns
    -------
    Location
        Never raises on any input.
    """
    asked = question(name, departement, code_insee, postcode)
    if asked.outside or (asked.key in outside_names() and not (named(asked) or asked.code)):
        return _missing(OUTSIDE_REASON, ())
    if asked.clash and not _settled_by_code(asked):
        return _missing(asked.clash, _homonyms(asked))
    if asked.code:
        return _by_code(asked)
    if asked.key:
        return _by_name(asked)
    if asked.postcode:
        return _by_postcode(asked)
    if asked.shown:
        return _missing(f"«{NBSP}{asked.shown}{NBSP}» n’est pas un nom de lieu.", ())
    return _missing(NOTHING_GIVEN, ())


def _found(code: str, reason: str, *, others: list[str] | None = None) -> Location:
    row = communes()[code]
    return Location(FOUND, code, row[1], row[2], reason, rows(others or []))


def _ambiguous(reason: str, codes: list[str]) -> Location:
    return Location(AMBIGUOUS, None, None, None, reason, rows(codes))


def _missing(reason: str, candidates: tuple) -> Location:
    return Location(MISSING, None, None, None, reason, candidates)


def _settled_by_code(asked: Question) -> bool:
    """Tell whether a code and the name beside it agree: they win over the département."""
    code = current(asked.code)
    return bool(code and asked.key and bears(code, asked.key))


def current(code: str) -> str | None:
    """Give the commune of today of a code, current or former."""
    if code in communes():
        return code
    return old_codes()[code].code_insee if code in old_codes() else None


def _by_code(asked: Question) -> Location:
    """Answer a question that holds a code."""
    lead = "Code complété de son zéro initial. " if asked.padded else ""
    code, old = current(asked.code), old_codes().get(asked.code)
    if code is None:
        return _missing(f"{lead}Le code «{NBSP}{asked.code}{NBSP}» est inconnu.", _homonyms(asked))
    if old and asked.code in postcodes()[1] and not (asked.key and bears(code, asked.key)):
        return _by_dead_code(asked, code)
    said = f"{lead}Code INSEE {asked.code}" + (f"{NBSP}: {old_words(old)}." if old else ".")
    away = asked.departements and communes()[code].departement not in asked.departements
    if not asked.key:
        if away:
            return _ambiguous(f"{said} {not_of(asked)}", [code])
        return _found(code, said)
    if bears(code, asked.key):
        return _found(code, f"{said} {not_of(asked)}" if away or asked.clash else said)
    if away:
        return _ambiguous(f"{said} {not_of(asked)}", [code, *named(asked)])
    if not named(asked) and is_slip(asked.key, code):
        return _found(code, f"{said} Le nom «{NBSP}{asked.shown}{NBSP}» en est proche.")
    return _ambiguous(
        f"{said} Il désigne {communes()[code].name}, non «{NBSP}{asked.shown}{NBSP}».",
        [code, *named(replace(asked, departements=None))],
    )


def _by_dead_code(asked: Question, code: str) -> Location:
    """Answer for a dead code that is a postcode elsewhere: 75012 is Boulogne, and a part of Paris.

    Only a name or a département tells which is meant.
    """
    there = sorted(postcodes()[1][asked.code])
    said = f"«{NBSP}{asked.code}{NBSP}»"
    if asked.key:
        meant = [one for one in there if bears(one, asked.key)]
        if len(meant) == 1:
            return _found(meant[0], f"{said} est son code postal.")
    elif asked.departements:
        kept = [c for c in (code, *there) if communes()[c].departement in asked.departements]
        if len(set(kept)) == 1:
            return _found(kept[0], f"Code {asked.code} et département concordent.")
    return _ambiguous(
        f"{said} est un ancien code INSEE de {communes()[code].name} et un code postal "
        f"d’ailleurs{NBSP}: précisez le nom.",
        [code, *there],
    )


def _by_name(asked: Question) -> Location:
    """Answer a question that holds a name and no code."""
    arrondissement = ARRONDISSEMENT.fullmatch(asked.key)
    if arrondissement:
        return _by_arrondissement(asked, arrondissement[1], int(arrondissement[2]))
    if re.fullmatch(r"\d{4,5}|2[ab]\d{3}", asked.key):
        return _by_number(asked)
    placed = bool(asked.departements or asked.postcode)
    if not placed and asked.key in territories():
        return _territory(asked)
    answer = _bearer(asked)
    if answer:
        return answer
    for key, added in rewritten(asked.key):
        narrowed = (asked.departements & added) if asked.departements else added
        if added and not narrowed:  # « Poix-du-Nord » asked for in the Orne is no Poix of the Marne
            continue
        other = replace(asked, key=key, departements=narrowed if added else asked.departements)
        if key in territories() and not placed and not added:
            continue
        answer = _bearer(other)
        if answer:
            return answer
    return (_slip(asked) if placed else None) or _nowhere(asked)


def _territory(asked: Question) -> Location:
    """Answer for the name of a département or région alone: it names no commune for sure."""
    bearers = named(asked)
    said = f"«{NBSP}{asked.shown}{NBSP}» est le nom d’un territoire"
    if bearers:
        return _ambiguous(
            f"{said}, et celui d’une commune{NBSP}: précisez le département.", bearers
        )
    return _missing(f"{said}{NBSP}: donnez le nom d’une commune.", ())


def _bearer(asked: Question) -> Location | None:
    """Decide among those who bear or bore a name, as it is, then written without article."""
    for current, old in zip(current_names(), old_names(), strict=True):
        here = narrow(current.get(asked.key, []), asked)
        before = {row.code_insee: row for row in old.get(asked.key, [])}
        gone = [code for code in narrow(list(before), asked) if code not in here]
        if gone and not here:
            bare = narrow(current_names()[1].get(asked.key, []), asked)
            if set(bare) - set(gone):
                return _ambiguous_bearers(asked, [c for c in bare if c not in gone], gone)
        answer = _among(asked, here, gone, before)
        if answer:
            return answer
        if asked.key in BARE_WORDS:
            return None
    return None


def _slip(asked: Question) -> Location | None:
    """Find a name that nobody bears there: cut short, followed by a note, or with one letter off.

    Each is sure only where one commune alone of the département, or of the postcode, is meant.
    """
    where = asked.departements or departements_of(asked.postcode)
    shorter = set(narrow(longer(asked.key, where), asked))
    beside = near_of_postcode(asked, list(shorter))
    if len(shorter) == 1 and not beside and asked.key not in BARE_WORDS:
        return _found(*shorter, "Seule commune du département dont le nom commence ainsi.")
    if shorter or named(asked):
        return None
    noted = _without_note(asked)
    if noted:
        return _bearer(replace(asked, key=noted))
    near = set(narrow(one_letter_off_in(where, asked.key), asked))
    if len(near) == 1 and begun_in(where, asked.key) <= near:
        code = next(iter(near))
        return _found(code, f"Orthographe proche de {communes()[code].name}.")
    return None


def _without_note(asked: Question) -> str:
    """Give the longest beginning of a name that is one, when a note or a number follows; or ''."""
    words = asked.key.split()
    for size in range(len(words) - 1, 0, -1):
        head, rest = " ".join(words[:size]), " ".join(words[size:])
        if (NOTE.match(rest) or rest[0].isdigit()) and _bearer(replace(asked, key=head)):
            return head
    return ""


def _among(asked: Question, here: list[str], gone: list[str], before: dict) -> Location | None:
    """Decide between current and former bearers of a name; None when there is none."""
    placed = bool(asked.departements or asked.postcode)
    rivals = [code for code in gone if not _outweighed(before[code], here)]
    beside = near_of_postcode(asked, here or gone)
    if len(here or gone) == 1 and beside:
        return _ambiguous(
            f"{not_there(replace(asked, departements=None))} "
            f"Une commune qui l’a porte un nom voisin{NBSP}: précisez l’un ou l’autre.",
            [*(here or gone), *beside],
        )
    if len(here) == 1 and (placed or not rivals):
        return _found(here[0], agreement(asked, here[0]), others=gone)
    if not here and len(gone) == 1:
        return _found(gone[0], f"{capital(old_words(before[gone[0]]))}.")
    return _ambiguous_bearers(asked, here, gone) if here or gone else None


def _ambiguous_bearers(asked: Question, here: list[str], gone: list[str]) -> Location:
    every = here + gone
    former = f", dont {len(gone)} anciennes" if len(gone) > 1 else ", dont une ancienne"
    if not here:
        former = ", toutes deux anciennes" if len(gone) == 2 else ", toutes anciennes"
    return _ambiguous(
        f"«{NBSP}{asked.shown}{NBSP}» désigne {len(every)} communes"
        f"{former if gone else ''}{NBSP}: précisez le département.",
        every,
    )


def _outweighed(old: Former, here: list[str]) -> bool:
    """Tell whether a commune that is gone is no rival of the one that bears its name today.

    Thionville is the town, not the village that bore the name elsewhere; Évry may be the village,
    or the town that lost the name in a merger. Who bore it until 2016 or later is still asked for
    under it.
    """
    people = communes()[here[0]].population if len(here) == 1 else 0
    small = communes()[old.code_insee].population < _LARGER * people
    return old.kind in _GONE and old.until < _RECENT and small


def _by_arrondissement(asked: Question, city: str, number: int) -> Location:
    code = current_names()[0][city][0]
    ordinal = "1er" if number == 1 else f"{number}e"
    full = f"{communes()[code][1]} {ordinal} Arrondissement"
    row = communes()[code]
    if full not in arrondissements():
        return _missing(f"{row[1]} n’a pas de {ordinal} arrondissement.", rows([code]))
    if asked.departements and row[2] not in asked.departements:
        return _missing(not_there(asked), rows([code]))
    return _found(code, f"{full}, arrondissement municipal de {row[1]}.")


def _by_number(asked: Question) -> Location:
    """Answer a number given as a name: a code or a postcode, when both mean one commune."""
    number, padded = as_code(asked.key)
    if is_outside(code=number, postcode=number):
        return _missing(OUTSIDE_REASON, ())
    old = old_codes().get(number)
    by_code = [number] if number in communes() else [old[0]] if old else []
    by_postcode = list(postcodes()[1].get(number, ()))
    every = narrow(sorted({*by_code, *by_postcode}), asked)
    lead = "Code complété de son zéro initial. " if padded else ""
    if len(every) == 1:
        kind = "Code INSEE" if by_code else "Code postal"
        return _found(every[0], f"{lead}{kind} {number}.")
    if every:
        return _ambiguous(
            f"{lead}«{NBSP}{number}{NBSP}» désigne {len(every)} communes, "
            f"comme code INSEE ou comme code postal{NBSP}: précisez le nom.",
            every,
        )
    return _missing(f"{lead}Le code «{NBSP}{number}{NBSP}» est inconnu.", ())


def _by_postcode(asked: Question) -> Location:
    codes = narrow(sorted(postcodes()[1].get(asked.postcode, ())), asked)
    if len(codes) == 1:
        return _found(codes[0], f"Seule commune du code postal {asked.postcode}.")
    if codes:
        return _ambiguous(
            f"Le code postal {asked.postcode} est celui de {len(codes)} communes{NBSP}: "
            "précisez le nom.",
            codes,
        )
    return _missing(f"Le code postal «{NBSP}{asked.postcode}{NBSP}» est inconnu.", ())


def _homonyms(asked: Question) -> tuple:
    """Give what a name could mean: its bearers anywhere, else the nearest spellings."""
    if not asked.key:
        return ()
    return rows(named(asked)) or nearest(asked.key, asked.departements)


def _nowhere(asked: Question) -> Location:
    """Answer for a name that nothing bears where it is asked for."""
    elsewhere = named(asked)
    if elsewhere:
        return _missing(not_there(asked), rows(elsewhere))
    candidates = nearest(asked.key, asked.departements)
    hint = f" Orthographes proches{NBSP}: {names_words(candidates)}." if candidates else ""
    where = f" dans {place_words(asked)}" if asked.departements else ""
    return _missing(
        f"Aucune commune ne s’appelle «{NBSP}{asked.shown}{NBSP}»{where}.{hint}", candidates
    )
