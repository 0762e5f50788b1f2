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

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from villeactive import referential
from villeactive.errors import DataFileError
from villeactive.gazetteer import (
    ARTICLES,
    USUAL,
    Candidate,
    Former,
    communes,
    compact_names,
    current_names,
    departements,
    departements_of,
    every_name,
    is_outside,
    name_holders,
    names_by_length,
    names_in,
    names_of,
    old_codes,
    old_names,
    outside_names,
    postcodes,
    rows,
    spelling_keys,
    spellings,
    territories,
    without_article,
)
from villeactive.question import ARRONDISSEMENT, NOTE, Question, as_code, as_text, question
from villeactive.spelling import compact, one_letter_off
from villeactive.text import NBSP, enumeration

FOUND, AMBIGUOUS, MISSING = "found", "ambiguous", "missing"
OUTSIDE_REASON = f"hors de l’atlas{NBSP}: collectivité d’outre-mer"
TABLE_COLUMNS = (
    "status",
    "code_insee_found",
    "name_found",
    "lon",
    "lat",
    "reason",
    "candidates",
)

_N_NEAREST = 5
_N_LONGER = 2  # of these, at most so many that only continue what was typed
_MIN_LIKENESS = 62  # of 100: below it a spelling is no help
_MUNICIPAL = "arrondissement"
_GONE = ("ancienne", "ancien_nom")
_RECENT = "2016"
"""Year from which the bearer of a name, gone since, is a rival whatever its size."""
_LARGER = 10
"""Times larger than the commune of today must be what took in a former one of the same name."""

_OLD_KINDS = {
    "deleguee": "commune déléguée de",
    "associee": "commune associée à",
    "arrondissement": "arrondissement municipal de",
    "ancienne": "ancienne commune, aujourd’hui dans",
    "ancien_nom": "ancien nom de",
    USUAL: "nom d’usage de",
}


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
    if asked.outside or (asked.key in outside_names() and not (_named(asked) or asked.code)):
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
    return _missing("Aucun nom ni code n’est donné.", ())


def locate_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Find the commune of each row of a table.

    Parameters
    ----------
    frame
        Columns ``name`` or ``code_insee``, and where present ``departement``, ``postcode``.

    Returns
    -------
    pandas.DataFrame
        The same rows, columns, order and index, with ``status, code_insee_found, name_found, lon,
        lat`` (degrees, NaN unless found), ``reason, candidates`` (a text) added. A column of the
        table that already bears one of these names is kept; ours then ends in ``_trouve``.

    Raises
    ------
    DataFileError
        None of ``name``, ``code_insee``, ``postcode`` is a column, or two columns share a name.
    """
    if not {"name", "code_insee", "postcode"} & set(frame.columns):
        raise DataFileError(
            f"La table n’a ni colonne name, ni code_insee, ni postcode{NBSP}; "
            f"colonnes lues{NBSP}: {', '.join(map(str, frame.columns)) or 'aucune'}."
        )
    if not frame.columns.is_unique:
        twice = ", ".join(map(str, frame.columns[frame.columns.duplicated()]))
        raise DataFileError(f"La table a deux colonnes du même nom{NBSP}: {twice}.")
    asked = [
        frame[column].astype(object) if column in frame.columns else [None] * len(frame)
        for column in ("name", "departement", "code_insee", "postcode")
    ]
    known: dict[tuple, Location] = {}
    answers = []
    for row in zip(*asked, strict=True):
        texts = tuple(as_text(value) for value in row)
        if texts not in known:
            name, departement, code, postcode = texts
            known[texts] = locate(name, departement=departement, code_insee=code, postcode=postcode)
        answers.append(known[texts])
    return _with_answers(frame, answers)


def _with_answers(frame: pd.DataFrame, answers: list[Location]) -> pd.DataFrame:
    codes = pd.Series([a.code_insee for a in answers], dtype=object)
    points = referential.read_communes()[["lon", "lat"]].reindex(codes)
    columns = {
        "status": [a.status for a in answers],
        "code_insee_found": [a.code_insee or "" for a in answers],
        "name_found": [a.name or "" for a in answers],
        "lon": points.lon.to_numpy(),
        "lat": points.lat.to_numpy(),
        "reason": [a.reason for a in answers],
        "candidates": [shown_candidates(a) for a in answers],
    }
    added = {
        name if name not in frame.columns else f"{name}_trouve": values
        for name, values in columns.items()
    }
    return frame.assign(**added)


def shown_candidates(location: Location) -> str:
    """Write candidates on one line: ``62765 Saint-Omer (62) ; 14664 Saint-Omer (14)``."""
    return " ; ".join(f"{code} {name} ({dep})" for code, name, dep, _, _ in location.candidates)


def _found(code: str, reason: str, *, others: list[str] | None = None) -> Location:
    row = communes()[code]
    return Location(FOUND, code, row[1], row[2], reason, rows(others or []))


def _ambiguous(reason: str, codes: list[str]) -> Location:
    return Location(AMBIGUOUS, None, None, None, reason, rows(codes))


def _missing(reason: str, candidates: tuple) -> Location:
    return Location(MISSING, None, None, None, reason, candidates)


def _settled_by_code(asked: Question) -> bool:
    """Tell whether a code and the name beside it agree: they win over the département."""
    code = _current(asked.code)
    return bool(code and asked.key and _bears(code, asked.key))


def _current(code: str) -> str | None:
    """Give the commune of today of a code, current or former."""
    if code in communes():
        return code
    return old_codes()[code].code_insee if code in old_codes() else None


def _by_code(asked: Question) -> Location:
    """Answer a question that holds a code."""
    lead = "Code complété de son zéro initial. " if asked.padded else ""
    code, old = _current(asked.code), old_codes().get(asked.code)
    if code is None:
        return _missing(f"{lead}Le code «{NBSP}{asked.code}{NBSP}» est inconnu.", _homonyms(asked))
    if old and asked.code in postcodes()[1] and not (asked.key and _bears(code, asked.key)):
        return _by_dead_code(asked, code)
    said = f"{lead}Code INSEE {asked.code}" + (f"{NBSP}: {_old_words(old)}." if old else ".")
    away = asked.departements and communes()[code].departement not in asked.departements
    if not asked.key:
        if away:
            return _ambiguous(f"{said} {_not_of(asked)}", [code])
        return _found(code, said)
    if _bears(code, asked.key):
        return _found(code, f"{said} {_not_of(asked)}" if away or asked.clash else said)
    if away:
        return _ambiguous(f"{said} {_not_of(asked)}", [code, *_named(asked)])
    if not _named(asked) and _is_slip(asked.key, code):
        return _found(code, f"{said} Le nom «{NBSP}{asked.shown}{NBSP}» en est proche.")
    return _ambiguous(
        f"{said} Il désigne {communes()[code].name}, non «{NBSP}{asked.shown}{NBSP}».",
        [code, *_named(replace(asked, departements=None))],
    )


def _not_of(asked: Question) -> str:
    return f"Il n’est pas du département «{NBSP}{asked.departement_shown}{NBSP}»."


def _by_dead_code(asked: Question, code: str) -> Location:
    """Answer for a dead code that is a postcode elsewhere: 75012 is Boulogne, and a part of Paris.

    Only a name or a département tells which is meant.
    """
    there = sorted(postcodes()[1][asked.code])
    said = f"«{NBSP}{asked.code}{NBSP}»"
    if asked.key:
        meant = [one for one in there if _bears(one, asked.key)]
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


def _bears(code: str, key: str) -> bool:
    """Tell whether a commune bears or bore a name, for sure; its arrondissements are its own."""
    arrondissement = ARRONDISSEMENT.fullmatch(key)
    known = names_of()[code]
    written = {key, *(other for other, _ in _rewritten(key))}
    return bool(
        written & known
        or (arrondissement and arrondissement[1] in known)
        or compact(key) in map(compact, known)
    )


def _is_slip(key: str, code: str) -> bool:
    """Tell whether a name that no commune bears is one of a commune's, short, long or misspelt.

    Its whole words begin the commune's name, or go on after it, or one letter is off; no other
    commune of the département has a name as near.
    """
    departement = communes()[code].departement
    near = {
        other
        for name, other in names_in()[departement]
        if name.startswith(f"{key} ") or key.startswith(f"{name} ")
    }
    return near | set(_one_letter_off(key, [departement])) == {code}


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
    for key, added in _rewritten(asked.key):
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
    bearers = _named(asked)
    said = f"«{NBSP}{asked.shown}{NBSP}» est le nom d’un territoire"
    if bearers:
        return _ambiguous(
            f"{said}, et celui d’une commune{NBSP}: précisez le département.", bearers
        )
    return _missing(f"{said}{NBSP}: donnez le nom d’une commune.", ())


def _bearer(asked: Question) -> Location | None:
    """Decide among those who bear or bore a name, as it is, then written without article."""
    for current, old in zip(current_names(), old_names(), strict=True):
        here = _narrow(current.get(asked.key, []), asked)
        before = {row.code_insee: row for row in old.get(asked.key, [])}
        gone = [code for code in _narrow(list(before), asked) if code not in here]
        if gone and not here:
            bare = _narrow(current_names()[1].get(asked.key, []), asked)
            if set(bare) - set(gone):
                return _ambiguous_bearers(asked, [c for c in bare if c not in gone], gone)
        answer = _among(asked, here, gone, before)
        if answer:
            return answer
        if asked.key in _BARE_WORDS:
            return None
    return None


_BARE_WORDS = frozenset({"saint", "sainte"})
"""Words that are half a name: « St » is not Le Saint."""

_OFFICE = re.compile(  # « Ville » needs its link: « Ville Lumes » is Ville-sur-Lumes
    r"(?:(?:commune|mairie|municipalite) |ville (?=(?:d|de|du|des) ))(?:de )?"
    r"(?:(d|du|des|de) )?(.+)"
)
_LINKS = frozenset({"en", "de", "du", "des", "d", "dans"})
_LAST_ARTICLE = re.compile(r"(.+) (le|la|les|l)")


def _rewritten(key: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Write a name otherwise, each way with the départements that it adds (none: the empty set).

    Article last or one too many, words run together or apart, « Ville de X », « X de la Réunion ».
    """
    none: frozenset[str] = frozenset()
    last = _LAST_ARTICLE.fullmatch(key)
    if last:
        yield f"{last[2]} {last[1]}", none
    first, _, rest = key.partition(" ")
    if rest and first in ARTICLES and rest not in _BARE_WORDS:
        yield rest, none
    for other in sorted(compact_names().get(compact(key), ())):
        if other != key:
            yield other, none
    office = _OFFICE.fullmatch(key)
    if office:
        link, name = office.groups()
        article = {"du": "le ", "des": "les "}.get(link or "", "")
        yield f"{article}{name}", none
        if article:
            yield name, none
    words = key.split()
    for at in (i for i, word in enumerate(words) if word in _LINKS and i):
        territory = without_article(" ".join(words[at + 1 :]))
        if territory in departements() and not territory[0].isdigit():
            yield " ".join(words[:at]), departements()[territory]


def _slip(asked: Question) -> Location | None:
    """Find a name that nobody bears there: cut short, followed by a note, or with one letter off.

    Each is sure only where one commune alone of the département, or of the postcode, is meant.
    """
    where = asked.departements or departements_of(asked.postcode)
    shorter = set(_narrow(_longer(asked, where), asked))
    beside = _of_postcode(asked, list(shorter))
    if len(shorter) == 1 and not beside and asked.key not in _BARE_WORDS:
        return _found(*shorter, "Seule commune du département dont le nom commence ainsi.")
    if shorter or _named(asked):
        return None
    noted = _without_note(asked)
    if noted:
        return _bearer(replace(asked, key=noted))
    near = set(_narrow(_one_letter_off(asked.key, where), asked))
    if len(near) == 1 and _begun(asked, where) <= near:
        code = next(iter(near))
        return _found(code, f"Orthographe proche de {communes()[code].name}.")
    return None


def _begun(asked: Question, where: Iterable[str]) -> set[str]:
    """Give the communes there whose whole name begins what was asked: Cannes, of Cannes-sur-Mer."""
    words = asked.key.split()
    heads = {" ".join(words[:size]) for size in range(1, len(words))} - _BARE_WORDS
    return {
        code for place in where for head in heads for code in name_holders()[place].get(head, ())
    }


def _one_letter_off(key: str, where: Iterable[str]) -> list[str]:
    """Give the communes of some départements of whose names one letter is off."""
    close = {
        (name, code)
        for place in where
        for size in (len(key) - 1, len(key), len(key) + 1)
        for name, _, _ in process.extract_iter(
            key, names_by_length()[place].get(size, ()), **_CLOSE
        )
        for code in name_holders()[place][name]
    }
    return [code for name, code in close if one_letter_off(key, name)]


_CLOSE = {"scorer": OSA.distance, "score_cutoff": 1}


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
    beside = _of_postcode(asked, here or gone)
    if len(here or gone) == 1 and beside:
        return _ambiguous(
            f"{_not_there(replace(asked, departements=None))} "
            f"Une commune qui l’a porte un nom voisin{NBSP}: précisez l’un ou l’autre.",
            [*(here or gone), *beside],
        )
    if len(here) == 1 and (placed or not rivals):
        return _found(here[0], _reason(asked, here[0]), others=gone)
    if not here and len(gone) == 1:
        return _found(gone[0], f"{_capital(_old_words(before[gone[0]]))}.")
    return _ambiguous_bearers(asked, here, gone) if here or gone else None


def _of_postcode(asked: Question, here: list[str]) -> list[str]:
    """Give the communes of the postcode asked that are named nearly so, when none found is of it.

    « Houdemont, 54330 »: Houdemont has another postcode, and Houdelmont has this one.
    """
    there = postcodes()[1].get(asked.postcode, frozenset())
    if not there or there & set(here):
        return []
    return sorted(
        code
        for code in there
        if any(
            name.startswith(f"{asked.key} ") or OSA.distance(name, asked.key, score_cutoff=1) <= 1
            for name in names_of()[code]
        )
    )


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


def _reason(asked: Question, code: str) -> str:
    if asked.departements:
        return "Nom et département concordent."
    if asked.postcode:
        return (
            "Nom et code postal concordent."
            if asked.postcode in postcodes()[0].get(code, ())
            else "Nom trouvé dans le département du code postal."
        )
    return "Une seule commune porte ce nom."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _old_words(old: Former) -> str:
    """Say what a former commune has become."""
    row = communes()[old.code_insee]
    subject = f"{old.name}, " if old.name else ""
    return f"{subject}{_OLD_KINDS[old.kind]} {row.name} ({row.departement})"


def _narrow(codes: list[str], asked: Question) -> list[str]:
    """Keep the communes of the département, then of the postcode, or of its département."""
    kept = list(dict.fromkeys(codes))
    if asked.departements:
        kept = [c for c in kept if communes()[c][2] in asked.departements]
    if not asked.postcode:
        return kept
    exact = [c for c in kept if asked.postcode in postcodes()[0].get(c, ())]
    # A CEDEX postcode belongs to no commune of the table, but begins with its département.
    return exact or [c for c in kept if communes()[c][2] in departements_of(asked.postcode)]


def _by_arrondissement(asked: Question, city: str, number: int) -> Location:
    code = current_names()[0][city][0]
    known = {row[1] for rows in old_names()[0].values() for row in rows if row[2] == _MUNICIPAL}
    ordinal = "1er" if number == 1 else f"{number}e"
    full = f"{communes()[code][1]} {ordinal} Arrondissement"
    row = communes()[code]
    if full not in known:
        return _missing(f"{row[1]} n’a pas de {ordinal} arrondissement.", rows([code]))
    if asked.departements and row[2] not in asked.departements:
        return _missing(_not_there(asked), rows([code]))
    return _found(code, f"{full}, arrondissement municipal de {row[1]}.")


def _by_number(asked: Question) -> Location:
    """Answer a number given as a name: a code or a postcode, when both mean one commune."""
    number, padded = as_code(asked.key)
    if is_outside(code=number, postcode=number):
        return _missing(OUTSIDE_REASON, ())
    old = old_codes().get(number)
    by_code = [number] if number in communes() else [old[0]] if old else []
    by_postcode = list(postcodes()[1].get(number, ()))
    every = _narrow(sorted({*by_code, *by_postcode}), asked)
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
    codes = _narrow(sorted(postcodes()[1].get(asked.postcode, ())), asked)
    if len(codes) == 1:
        return _found(codes[0], f"Seule commune du code postal {asked.postcode}.")
    if codes:
        return _ambiguous(
            f"Le code postal {asked.postcode} est celui de {len(codes)} communes{NBSP}: "
            "précisez le nom.",
            codes,
        )
    return _missing(f"Le code postal «{NBSP}{asked.postcode}{NBSP}» est inconnu.", ())


def _named(asked: Question) -> list[str]:
    """Give the communes that bear or bore a name, wherever they are unless a place is asked."""
    codes: list[str] = []
    for current, old in zip(current_names(), old_names(), strict=True):
        codes += current.get(asked.key, [])
        codes += [row[0] for row in old.get(asked.key, [])]
        if codes:
            break
    return codes


def _homonyms(asked: Question) -> tuple:
    """Give what a name could mean: its bearers anywhere, else the nearest spellings."""
    if not asked.key:
        return ()
    return rows(_named(asked)) or _nearest(asked)


def _nowhere(asked: Question) -> Location:
    """Answer for a name that nothing bears where it is asked for."""
    elsewhere = _named(asked)
    if elsewhere:
        return _missing(_not_there(asked), rows(elsewhere))
    candidates = _nearest(asked)
    hint = f" Orthographes proches{NBSP}: {_names(candidates)}." if candidates else ""
    where = f" dans {_place(asked)}" if asked.departements else ""
    return _missing(
        f"Aucune commune ne s’appelle «{NBSP}{asked.shown}{NBSP}»{where}.{hint}", candidates
    )


def _not_there(asked: Question) -> str:
    if asked.departements:
        return f"«{NBSP}{asked.shown}{NBSP}» n’est pas dans {_place(asked)}."
    if asked.postcode:
        return f"«{NBSP}{asked.shown}{NBSP}» n’a pas le code postal {asked.postcode}."
    return f"«{NBSP}{asked.shown}{NBSP}» ne suffit pas{NBSP}: donnez le nom entier de la commune."


def _place(asked: Question) -> str:
    names = referential.read_departements().name
    shown = [f"{names[code]} ({code})" for code in sorted(asked.departements or ())]
    return f"le département {enumeration(shown, last='ou')}"


def _names(candidates: tuple) -> str:
    return enumeration([f"{row[1]} ({row[2]})" for row in candidates], last="ou")


def _longer(asked: Question, where: Iterable[str] | None) -> list[str]:
    """Give the communes, of some départements, whose name goes on after the words asked."""
    codes = []
    for names in [names_in()[code] for code in where] if where else [every_name()]:
        start = bisect.bisect_left(names, (f"{asked.key} ", ""))
        end = bisect.bisect_left(names, (f"{asked.key} ~", ""))
        codes += [code for _, code in names[start:end]]
    return [row[0] for row in rows(codes)]


def _nearest(asked: Question) -> tuple:
    """Give the communes whose name, current or former, is spelt most like the one asked.

    Sought among the names of the départements asked for; else among those that share the
    beginning or the end of the word that tells most.
    """
    if asked.departements:
        pool = [pair for code in asked.departements for pair in names_in().get(code, ())]
    else:
        keys = spelling_keys(asked.key)
        pool = list({pair for key in keys for pair in spellings().get(key, ())})
    best = dict.fromkeys(_longer(asked, asked.departements)[:_N_LONGER])
    found = process.extract(
        asked.key,
        [name for name, _ in pool],
        scorer=fuzz.ratio,
        score_cutoff=_MIN_LIKENESS,
        limit=4 * _N_NEAREST,
    )
    ranked = sorted(((-score, pool[i]) for _, score, i in found))
    for _, (_, code) in ranked:
        if len(best) == _N_NEAREST:
            break
        best[code] = None
    return tuple(communes()[code] for code in best)
