"""What the book says on a theme or a topic: its projects, lessons, essays, words and readings."""

from collections.abc import Iterable
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


def _bearing(
    column: str,
    code: str,
    lessons: Iterable[Lesson],
    essays: Iterable[Essay],
    readings: Iterable[Reading],
    atlas: Atlas,
) -> Bearing:
    """Gather what bears on a theme or a topic."""
    sheets = atlas.projects[atlas.projects[column] == code]
    counted, mentions = sheets[sheets["counted"]], sheets[~sheets["counted"]]
    values = counted["topic" if column == "theme" else "theme"].dropna().tolist()
    essays = tuple(essays)
    return Bearing(
        projects=tuple(counted.index),
        mentions=tuple(mentions.index),
        lessons=tuple(lessons),
        essays=essays,
        definitions=tuple(word for essay in essays for word in essay.definitions),
        readings=tuple(readings),
        related={value: values.count(value) for value in dict.fromkeys(values)},
    )


def _every(part: str, atlas: Atlas) -> list:
    """Give the lessons, essays or readings of all publications, in their order."""
    return [entry for one in atlas.publications.values() for entry in getattr(one, part)]


def author_of(lesson: Lesson, atlas: Atlas) -> str:
    """Name who wrote the essay of a lesson."""
    return next(essay.author for essay in _every("essays", atlas) if essay.id == lesson.essay)


def of_theme(theme: str, atlas: Atlas) -> Bearing:
    """Gather what bears on a theme.

    Parameters
    ----------
    theme
        A code of the vocabulary.
    atlas
        The whole atlas.

    Returns
    -------
    Bearing
        Lessons that name the theme, essays of its chapter, readings printed there.
    """
    return _bearing(
        "theme",
        theme,
        [lesson for lesson in _every("lessons", atlas) if theme in lesson.themes],
        [essay for essay in _every("essays", atlas) if essay.theme == theme],
        [reading for reading in _every("readings", atlas) if reading.theme == theme],
        atlas,
    )


def of_topic(topic: str, atlas: Atlas) -> Bearing:
    """Gather what bears on a topic.

    Parameters
    ----------
    topic
        A code of the vocabulary.
    atlas
        The whole atlas.

    Returns
    -------
    Bearing
        Lessons that name the topic; essays that hold one of these lessons, or that speak of a
        sheet of the topic.
    """
    lessons = [lesson for lesson in _every("lessons", atlas) if topic in lesson.topics]
    held = {lesson.essay for lesson in lessons}
    essays = [
        essay
        for essay in _every("essays", atlas)
        if essay.id in held or any(atlas.sheets[key].topic == topic for key in essay.projects)
    ]
    return _bearing("topic", topic, lessons, essays, [], atlas)


def lessons_of(project: str, atlas: Atlas) -> tuple[Lesson, ...]:
    """Give the lessons that a sheet illustrates: the way back."""
    return tuple(lesson for lesson in _every("lessons", atlas) if project in lesson.projects)
