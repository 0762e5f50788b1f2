"""What the one box answers, the best first, and whether Enter may open it: only what is sure.

Searching ranks (:mod:`villeactive.analysis.search`); finding a place knows when it is sure
(:mod:`villeactive.geography.locate`). A commune is opened at once when locating finds it
(« Montreuil 62 »), a région, a département, a project or an organisation when its
whole name is typed.
"""

from dataclasses import dataclass

from rapidfuzz.distance import OSA

from villeactive.analysis.search import EXACT, PREFIX, Hit, find, hit_of
from villeactive.atlas import Atlas
from villeactive.geography.gazetteer import communes, place_key, without_article
from villeactive.geography.locate import OUTSIDE_REASON, Location, locate
from villeactive.text import NBSP, plural

_LARGER = 10
"""Times larger than the one that bears a name must be a commune whose name only begins so."""

_TWINS = "Plusieurs portent ce nom\u00a0: choisissez."

_LONG = 6
"""Letters from which one may be off in a whole name."""

_WIDER = 80
"""Answers looked through for those of one kind."""


@dataclass(frozen=True)
class Answers:
    """Hits, the best first; ``sure`` when the first is what was meant, else ``why`` it is not."""

    hits: tuple[Hit, ...]
    sure: bool
    why: str = ""


def answer(asked: str, atlas: Atlas, *, n: int, only: str | None = None) -> Answers:
    """Answer what one types in the box.

    Parameters
    ----------
    asked
        Anything.
    atlas
        The whole atlas.
    n
        How many answers at most.
    only
        The one kind of hit to answer with; None for all.

    Returns
    -------
    Answers
        Empty when nothing answers; ``why`` then says that a place is outside the atlas, if it is.
    """
    hits = find(asked, atlas, n=n if only is None else _WIDER)
    hits = [hit for hit in hits if only is None or hit.kind == only][:n]
    place = locate(asked)
    if place.reason == OUTSIDE_REASON:
        return Answers((), False, "Ce lieu est hors de l’atlas\u00a0: collectivité d’outre-mer.")
    first = hits[0] if hits else None
    exact = first is not None and first.score >= EXACT
    if exact and first.kind != "commune":
        sure = _alone(first, hits)
        return Answers(tuple(hits), sure, "" if sure else _TWINS)
    if place.status == "found" and only in (None, "commune"):
        town = hit_of(place.code_insee, atlas)
        rival = _rival(asked, town, hits)
        if rival:
            return Answers(tuple(hits), False, rival)
        rest = [hit for hit in hits if (hit.kind, hit.id) != (town.kind, town.id)]
        return Answers((town, *rest)[:n], True)
    if len(hits) == 1 and first.kind != "commune":
        return Answers(tuple(hits), True)
    if not exact and only in (None, "commune"):
        hits = [*_misspelt(asked, place, hits, atlas), *hits]
        hits = list({(hit.kind, hit.id): hit for hit in hits}.values())[:n]
    return Answers(tuple(hits), False, _why(place, hits[0] if hits else None))


def _misspelt(asked: str, place: Location, hits: list[Hit], atlas: Atlas) -> list[Hit]:
    """Give the commune of which the whole name may be a misspelling, before names that begin so.

    « Sant Malo » is Saint-Malo before Dunkerque, of which Malo-les-Bains is a part.
    """
    key = place_key(asked)
    if place.status != "missing" or len(key) < _LONG or not (hits and hits[0].kind == "commune"):
        return []
    near = (
        one.code_insee
        for one in place.candidates
        if OSA.distance(key, place_key(one.name), score_cutoff=1) <= 1
    )
    return [hit_of(code, atlas) for code in near]


def _rival(asked: str, town: Hit, hits: list[Hit]) -> str:
    """Say that a name borne by one commune may be the beginning of a far larger one's, or ''.

    « Chalon » is a hamlet of Isère, and how many say Chalon-sur-Saône.
    """
    people = communes()[town.id].population
    if without_article(asked) != without_article(town.label):
        return ""
    larger = (
        hit.label
        for hit in hits
        if hit.kind == "commune"
        and hit.score >= PREFIX
        and communes()[hit.id].population > _LARGER * people
    )
    other = next(larger, None)
    if other is None:
        return ""
    return f"{town.label} est une commune de {plural(people, 'habitant')}{NBSP}; ou {other}{NBSP}?"


def _alone(first: Hit, hits: list[Hit]) -> bool:
    """Tell whether no other answer of the same kind bears the same name."""
    return not any(hit.kind == first.kind and hit.label == first.label for hit in hits[1:])


def _why(place: Location, first: Hit | None) -> str:
    """Say why the first answer is not opened at once."""
    if first is not None and first.kind == "commune":
        return place.reason
    return "Plusieurs réponses sont possibles."
