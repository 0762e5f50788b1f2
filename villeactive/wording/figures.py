"""What figures by territory stand for, in French words: title, total, gaps."""

from villeactive.analysis.figures import Sums
from villeactive.layers import LEVELS
from villeactive.text import NBSP, plural, short_euros, typographic


def title(level: str, header: str = "", *, per_head: bool = False) -> str:
    """Name what is drawn: « Subvention par habitant, par région », « Nombre de projets par… »."""
    what = typographic(header) if header else "Nombre de projets"
    return (
        f"{what} par habitant, par {LEVELS[level]}" if per_head else f"{what} par {LEVELS[level]}"
    )


def gaps(found: Sums) -> list[str]:
    """Say the euros that no territory has, and how many projects give none."""
    below = [value for value in found.euros.values() if value < 0]
    said = [
        (sum(below), f"dans {plural(len(below), 'territoire')} de total négatif"),
        (found.wider, "de territoires plus larges, hors des figures"),
        (found.alone, "de communes sans intercommunalité, hors des figures"),
        (found.elsewhere, "de projets dont le lieu principal est ailleurs, hors des figures"),
        (found.unplaced, "de projets non localisés, hors des figures"),
    ]
    told = [f"{short_euros(euros)} {words}" for euros, words in said if euros]
    return told + ([f"{plural(found.missing, 'projet')} sans montant"] if found.missing else [])


def whole(found: Sums) -> str:
    """Say what is drawn in all, then what is not: « 1,4 M€ en tout ; 2 projets sans montant »."""
    total = f"{short_euros(found.total)} en tout" if found.euros else "Aucun montant"
    return f"{NBSP}; ".join([total, *gaps(found)])
