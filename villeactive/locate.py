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
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from villeactive import referential
from villeactive.errors import DataFileError
from villeactive.gazetteer import (
    Candidate,
    communes,
    current_names,
    departements_of,
    names_of,
    old_codes,
    old_names,
    postcodes,
    rows,
    trigram_index,
    trigrams,
)
from villeactive.question import ARRONDISSEMENT, Question, as_code, as_text, question
from villeactive.text import NBSP, enumeration

FOUND, AMBIGUOUS, MISSING = "found", "ambiguous", "missing"
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
_MIN_LIKENESS = 0.35  # share of common trigrams below which a spelling is no help
_SAME_NAME = 0.6  # share above which a name beside a code is a misspelling, not a contradiction
_MUNICIPAL = "arrondissement"
_GONE = ("ancienne", "ancien_nom")
_LARGER = 10
"""Times larger than the commune of today must be what took in a former one of the same name."""

_OLD_KINDS = {
    "deleguee": "commune déléguée de",
    "associee": "commune associée à",
    "arrondissement": "arrondissement municipal de",
    "ancienne": "ancienne commune, aujourd’hui dans",
    "ancien_nom": "ancien nom de",
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
    if asked.clash:
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
        Neither ``name`` nor ``code_insee`` is among the columns, or two columns share a name.
    """
    if not {"name", "code_insee"} & set(frame.columns):
        raise DataFileError(
            f"La table n’a ni colonne name ni colonne code_insee{NBSP}; "
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


# ------------------------------------------------------------------------- reading the question


# ------------------------------------------------------------------------------------ deciding


def _found(code: str, reason: str, *, others: list[str] | None = None) -> Location:
    row = communes()[code]
    return Location(FOUND, code, row[1], row[2], reason, rows(others or []))


def _ambiguous(reason: str, codes: list[str]) -> Location:
    return Location(AMBIGUOUS, None, None, None, reason, rows(codes))


def _missing(reason: str, candidates: tuple) -> Location:
    return Location(MISSING, None, None, None, reason, candidates)


def _by_code(asked: Question) -> Location:
    """Answer a question that holds a code."""
    lead = "Code complété de son zéro initial. " if asked.padded else ""
    row = communes().get(asked.code)
    old = old_codes().get(asked.code)
    if row is None and old is None:
        return _missing(f"{lead}Le code «{NBSP}{asked.code}{NBSP}» est inconnu.", _homonyms(asked))
    code = asked.code if row else old[0]
    said = f"{lead}Code INSEE {asked.code}" + ("." if row else f"{NBSP}: {_old_words(old)}.")
    if asked.departements and communes()[code][2] not in asked.departements:
        return _ambiguous(
            f"{said} Il n’est pas du département «{NBSP}{asked.departement_shown}{NBSP}».",
            [code, *_named(asked)],
        )
    likeness = _likeness_to(code, asked.key) if asked.key else 1.0
    if likeness < _SAME_NAME:
        return _ambiguous(
            f"{said} Il désigne {communes()[code][1]}, non «{NBSP}{asked.shown}{NBSP}».",
            [code, *_named(replace(asked, departements=None))],
        )
    doubt = "" if likeness == 1 else f" Le nom «{NBSP}{asked.shown}{NBSP}» en est proche."
    return _found(code, said + doubt)


def _by_name(asked: Question) -> Location:
    """Answer a question that holds a name and no code."""
    arrondissement = ARRONDISSEMENT.fullmatch(asked.key)
    if arrondissement:
        return _by_arrondissement(asked, arrondissement[1], int(arrondissement[2]))
    if re.fullmatch(r"\d{4,5}|2[ab]\d{3}", asked.key):
        return _by_number(asked)
    for current, old in zip(current_names(), old_names(), strict=True):
        here = _narrow(current.get(asked.key, []), asked)
        before = {row[0]: row for row in old.get(asked.key, [])}
        gone = [code for code in _narrow(list(before), asked) if code not in here]
        answer = _among(asked, here, gone, before)
        if answer:
            return answer
    return _nowhere(asked)


def _among(asked: Question, here: list[str], gone: list[str], before: dict) -> Location | None:
    """Decide between current and former bearers of a name; None when there is none."""
    placed = bool(asked.departements or asked.postcode)
    rivals = [code for code in gone if not _outweighed(before[code], here)]
    if len(here) == 1 and (placed or not rivals):
        return _found(here[0], _reason(asked, here[0]), others=gone)
    if not here and len(gone) == 1:
        return _found(gone[0], f"{_capital(_old_words(before[gone[0]]))}.")
    every = here + gone
    if not every:
        return None
    former = f", dont {len(gone)} anciennes" if len(gone) > 1 else ", dont une ancienne"
    if not here:
        former = ", toutes deux anciennes" if len(gone) == 2 else ", toutes anciennes"
    return _ambiguous(
        f"«{NBSP}{asked.shown}{NBSP}» désigne {len(every)} communes"
        f"{former if gone else ''}{NBSP}: précisez le département.",
        every,
    )


def _outweighed(old: tuple, here: list[str]) -> bool:
    """Tell whether a commune that is gone is no rival of the one that bears its name today.

    Thionville is the town, not the village that bore the name elsewhere; Évry may be the village,
    or the town that lost the name in a merger.
    """
    code, _, kind = old
    people = communes()[here[0]].population if len(here) == 1 else 0
    return kind in _GONE and communes()[code].population < _LARGER * people


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


def _old_words(old: tuple) -> str:
    """Say what a former commune has become."""
    code, name, kind = old
    row = communes()[code]
    subject = f"{name}, " if name else ""
    return f"{subject}{_OLD_KINDS[kind]} {row[1]} ({row[2]})"


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
    return f"«{NBSP}{asked.shown}{NBSP}» n’a pas le code postal {asked.postcode}."


def _place(asked: Question) -> str:
    names = referential.read_departements().name
    shown = [f"{names[code]} ({code})" for code in sorted(asked.departements or ())]
    return f"le département {enumeration(shown, last='ou')}"


def _names(candidates: tuple) -> str:
    return enumeration([f"{row[1]} ({row[2]})" for row in candidates], last="ou")


def _longer(names: list[tuple[str, str]], asked: Question) -> list[str]:
    """Give the communes whose name goes on after the words asked, the largest first."""
    start = bisect.bisect_left(names, (f"{asked.key} ", ""))
    end = bisect.bisect_left(names, (f"{asked.key} ~", ""))
    codes = [code for _, code in names[start:end] if _allowed(code, asked)]
    return [row[0] for row in rows(codes)]


def _allowed(code: str, asked: Question) -> bool:
    return not asked.departements or communes()[code][2] in asked.departements


def _nearest(asked: Question) -> tuple:
    """Give the communes whose name, current or former, is spelt most like the one asked."""
    names, postings, sizes = trigram_index()
    asked_trigrams = trigrams(asked.key)
    found = [postings[t] for t in asked_trigrams if t in postings]
    if not found:
        return ()
    common = np.bincount(np.concatenate(found), minlength=len(names))
    likeness = 2 * common / (sizes + len(asked_trigrams))
    best = dict.fromkeys(_longer(names, asked)[:_N_LONGER])
    for position in np.argsort(-likeness, kind="stable")[:200]:
        code = names[position][1]
        if likeness[position] < _MIN_LIKENESS or len(best) == _N_NEAREST:
            break
        if _allowed(code, asked):
            best[code] = None
    return tuple(communes()[code] for code in best)


def _likeness_to(code: str, key: str) -> float:
    """Measure how much a name is like one of a commune's: 1 is the same, 0 nothing common."""
    arrondissement = ARRONDISSEMENT.fullmatch(key)
    keys = names_of()[code]
    if key in keys or (arrondissement and arrondissement[1] in keys):
        return 1.0
    mine = trigrams(key)
    return max(2 * len(mine & theirs) / (len(mine) + len(theirs)) for theirs in map(trigrams, keys))
