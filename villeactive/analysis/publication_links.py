"""What the book says on a theme or a topic: its projects, lessons, essays, words and readings."""

from dataclasses import dataclass

from villeactive.atlas import Atlas
from villeactive.collections.publication import Definition, Essay, Lesson, Reading


@dataclass(frozen=True)
class Bearing:
    """What bears on a theme or a topic, all in the order of the book.

    Attributes
    ----------
    projects, mentions
        Ids of sheets: those that count, and the places only cited.
    lessons
        Directions, levers and principles.
    essays
        Forewords and essays.
    definitions
        Words that these essays explain.
    readings
        « Voir aussi » links of the chapter; a topic has none.
    related
        Of a theme, its topics; of a topic, its themes: code → number of projects.
    """

    projects: tuple[str, ...]
    mentions: tuple[str, ...]
    lessons: tuple[Lesson, ...]
    essays: tuple[Essay, ...]
    definitions: tuple[Definition, ...]
    readings: tuple[Reading, ...]
    related: dict[str, int]


def _every(part: str, atlas: Atlas) -> list:
    """Give the lessons, essays or readings of all publications, in their order."""
    return [entry for one in atlas.publications.values() for entry in getattr(one, part)]


def author_of(lesson: Lesson, atlas: Atlas) -> str:
    """Name who wrote the essay of a lesson."""
    return next(essay.author for essay in _every("essays", atlas) if essay.id == lesson.essay)


def bearing_on(field: str, code: str, atlas: Atlas) -> Bearing:
    """Gather what bears on a theme or a topic.

    Parameters
    ----------
    field
        ``theme`` or ``topic``.
    code
        Of one of the atlas.
    atlas
        The whole atlas.

    Returns
    -------
    Bearing
        Lessons that name it. Of a theme, the essays of its chapter and the readings printed
        there; of a topic, the essays that hold one of these lessons, or that speak of a sheet
        of the topic.
    """
    sheets = atlas.projects[atlas.projects[field] == code]
    counted, mentions = sheets[sheets["counted"]], sheets[~sheets["counted"]]
    lessons = tuple(one for one in _every("lessons", atlas) if code in getattr(one, f"{field}s"))
    of_theme = field == "theme"
    if of_theme:
        essays = tuple(essay for essay in _every("essays", atlas) if essay.theme == code)
    else:
        held, about = {one.essay for one in lessons}, set(sheets.index)
        essays = tuple(
            essay
            for essay in _every("essays", atlas)
            if essay.id in held or about.intersection(essay.projects)
        )
    related = counted["topic" if of_theme else "theme"].dropna().tolist()
    return Bearing(
        projects=tuple(counted.index),
        mentions=tuple(mentions.index),
        lessons=lessons,
        essays=essays,
        definitions=tuple(word for essay in essays for word in essay.definitions),
        readings=tuple(one for one in _every("readings", atlas) if of_theme and one.theme == code),
        related={value: related.count(value) for value in dict.fromkeys(related)},
    )


def lessons_of(project: str, atlas: Atlas) -> tuple[Lesson, ...]:
    """Give the lessons that a sheet illustrates: the way back."""
    return tuple(lesson for lesson in _every("lessons", atlas) if project in lesson.projects)
