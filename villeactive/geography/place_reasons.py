"""The sentences that say why a place is found, ambiguous or missing."""

from villeactive.geography.gazetteer import USUAL, Former, communes, departement_names, postcodes
from villeactive.geography.place_query import Question
from villeactive.text import NBSP, enumeration

BOTH_AGREE = "Nom et département concordent."
_OLD_KINDS = {
    "deleguee": "commune déléguée de",
    "associee": "commune associée à",
    "arrondissement": "arrondissement municipal de",
    "ancienne": "ancienne commune, aujourd’hui dans",
    "ancien_nom": "ancien nom de",
    USUAL: "nom d’usage de",
}


def not_of(asked: Question) -> str:
    """Say that a code is of another département than the one asked."""
    return f"Il n’est pas du département «{NBSP}{asked.departement_shown}{NBSP}»."


def agreement(asked: Question, code: str) -> str:
    """Say what agrees with the name."""
    if asked.departements:
        return BOTH_AGREE
    if asked.postcode:
        return (
            "Nom et code postal concordent."
            if asked.postcode in postcodes()[0].get(code, ())
            else "Nom trouvé dans le département du code postal."
        )
    return "Une seule commune porte ce nom."


def capital(text: str) -> str:
    """Write the first letter as a capital."""
    return text[:1].upper() + text[1:]


def old_words(old: Former) -> str:
    """Say what a former commune has become."""
    row = communes()[old.code_insee]
    subject = f"{old.name}, " if old.name else ""
    return f"{subject}{_OLD_KINDS[old.kind]} {row.name} ({row.departement})"


def not_there(asked: Question) -> str:
    """Say that a name is not where it is asked for."""
    if asked.departements:
        return f"«{NBSP}{asked.shown}{NBSP}» n’est pas dans {place_words(asked)}."
    if asked.postcode:
        return f"«{NBSP}{asked.shown}{NBSP}» n’a pas le code postal {asked.postcode}."
    return f"«{NBSP}{asked.shown}{NBSP}» ne suffit pas{NBSP}: donnez le nom entier de la commune."


def place_words(asked: Question) -> str:
    """Say the départements asked for."""
    shown = [f"{departement_names()[code]} ({code})" for code in sorted(asked.departements or ())]
    return f"le département {enumeration(shown, last='ou')}"


def names_words(candidates: tuple) -> str:
    """Say the names of candidates, each with its département."""
    return enumeration([f"{row[1]} ({row[2]})" for row in candidates], last="ou")
