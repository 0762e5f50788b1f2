"""What figures by territory stand for, in French words: title, total, gaps."""

from collections.abc import Mapping

from villeactive.analysis.figures import Sums
from villeactive.layers import LEVELS
from villeactive.text import NBSP, enumeration, plural, short_euros, typographic


def title(level: str, header: str = "", *, per_head: bool = False) -> str:
    """Name what is drawn: « Subvention par habitant, par région », « Nombre de projets par… »."""
    what = typographic(header) if header else "Nombre de projets"
    return (
        f"{what} par habitant, par {LEVELS[level]}" if per_head else f"{what} par {LEVELS[level]}"
    )


def gaps(found: Sums) -> list[str]:
    """Say the euros that no territory has, and how many projects give none."""
    below = [value for value in found.euros.values() if value < 0]
    apart = [
        (found.wider, "de territoires plus larges"),
        (found.alone, "de communes sans intercommunalité"),
        (found.elsewhere, "de projets dont le lieu principal est ailleurs"),
        (found.unplaced, "de projets non localisés"),
    ]
    told = [f"{short_euros(euros)} {words}" for euros, words in apart if euros]
    said = [f"hors des figures, {enumeration(told)}"] if told else []
    if below:
        lack = plural(len(below), "territoire")
        said.append(f"{short_euros(sum(below))} dans {lack} de total négatif, sans cercle")
    return said + ([f"{plural(found.missing, 'projet')} sans montant"] if found.missing else [])


def parts(found: Sums) -> list[str]:
    """Say what is drawn in all, then what is not, one by one."""
    total = f"{short_euros(found.total)} en tout" if found.euros else "Aucun montant"
    return [total, *gaps(found)]


def whole(found: Sums) -> str:
    """Say the same in one line: « 1,4 M€ en tout ; 2 projets sans montant »."""
    return f"{NBSP}; ".join(parts(found))


def shared(counts: Mapping[str, int], n_projects: int) -> list[str]:
    """Say that numbers by territory are no parts of a whole, when they are not."""
    several = sum(counts.values()) > n_projects
    return ["un projet à plusieurs lieux compte dans chacun"] if several else []
