"""The other ways to write the name of a place that people use."""

import re
from collections.abc import Iterator

from villeactive.geography.gazetteer import ARTICLES, compact_names, departements, without_article
from villeactive.geography.spelling import compact

BARE_WORDS = frozenset({"saint", "sainte"})
"""Words that are half a name: « St » is not Le Saint."""

_OFFICE = re.compile(  # « Ville » needs its link: « Ville Lumes » is Ville-sur-Lumes
    r"(?:(?:commune|mairie|municipalite) |ville (?=(?:d|de|du|des) ))(?:de )?"
    r"(?:(d|du|des|de) )?(.+)"
)
_LINKS = frozenset({"en", "de", "du", "des", "d", "dans"})
_LAST_ARTICLE = re.compile(r"(.+) (le|la|les|l)")


def rewritten(key: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Write a name otherwise, each way with the départements that it adds (none: the empty set).

    Article last or one too many, words run together or apart, « Ville de X », « X de la Réunion ».
    """
    none: frozenset[str] = frozenset()
    last = _LAST_ARTICLE.fullmatch(key)
    if last:
        yield f"{last[2]} {last[1]}", none
    first, _, rest = key.partition(" ")
    if rest and first in ARTICLES and rest not in BARE_WORDS:
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
