"""What the page « Thèmes » shows: a theme or a topic, its projects, the book on it."""

from html import escape
from itertools import cycle

import streamlit as st

from villeactive.analysis.publication_links import Bearing, author_of, bearing_on, lessons_of
from villeactive.atlas import Atlas
from villeactive.collections.publication import Essay, Lesson
from villeactive.maps.symbols import symbol_svg
from villeactive.text import NBSP, plural
from villeactive.ui import address, shell
from villeactive.ui.parts import blocks, html_parts
from villeactive.ui.parts.map import show_projects_map
from villeactive.vocabulary import terms
from villeactive.wording import sources

FIELDS = {"theme": "Thème", "topic": "Sujet"}
LESSONS = {"piste": "Piste", "levier": "Levier", "principe": "Principe"}
_ABREAST = 3
"""Themes side by side on the page of all of them."""

_SIGN = 150.0
"""Size of a theme's sign there, points² on a slide."""

_KINDS = {
    "avant-propos": "Avant-propos",
    "introduction": "Introduction",
    "grand-temoin": "Grand témoin",
}


def asked(atlas: Atlas) -> tuple[str, str | None]:
    """Read the theme or the topic of the address; one that does not live is said."""
    for field in ("topic", "theme"):
        code = blocks.given(field)
        if code in atlas.terms(f"{field}s"):
            return field, code
        if code:
            st.warning(
                f"{FIELDS[field]}{NBSP}: {blocks.quoted(code)} n’existe pas ou plus{NBSP}; "
                "choisissez ci-dessous.",
                icon=":material/link_off:",
            )
    return "theme", None


def _link(field: str, code: str, atlas: Atlas, *, key: str = "vers", note: str = "") -> None:
    """Link to a theme or a topic."""
    words = atlas.label(f"{field}s", code) + (f" ({note})" if note else "")
    blocks.link(
        shell.THEMES,
        words,
        key=f"{key}-{field}-{code}",
        query={field: code},
        icon=":material/category:",
        here=True,
    )


def _counted(found: Bearing) -> str:
    """Say how many projects, and places only cited where there are."""
    said = plural(len(found.projects), "projet")
    cited = plural(len(found.mentions), "lieu cité", "lieux cités")
    return f"{said}, {cited}" if found.mentions else said


def show_overview(atlas: Atlas) -> None:
    """Show all themes, each with its topics and how many projects they have."""
    dark = shell.is_dark()
    columns = st.columns(max(1, min(len(atlas.themes), _ABREAST)), gap="large")
    for column, (code, theme) in zip(cycle(columns), atlas.themes.items(), strict=False):
        found = bearing_on("theme", code, atlas)
        with column:
            sign = html_parts.image(symbol_svg(theme, _SIGN, dark=dark))
            told = theme.meaning != theme.label
            meaning = f"<p>{escape(theme.meaning)}</p>" if told else ""
            st.html(
                f"<div class='va-sheet'><h2>{escape(theme.label)}</h2><p class='va-kind'>{sign}"
                f"<span>{escape(_counted(found))}</span></p>{meaning}</div>"
            )
            _link(
                "theme",
                code,
                atlas,
                note="carte, projets, leçons" if atlas.publications else "carte, projets",
            )
            if found.related:
                st.caption("Ses sujets")
            with st.container(gap="xxsmall"):
                for topic, count in found.related.items():
                    _link("topic", topic, atlas, key=code, note=plural(count, "projet"))
    for topic in terms("topics"):
        bearing = bearing_on("topic", topic, atlas)
        if bearing.mentions and not bearing.projects:
            _link("topic", topic, atlas, note="lieux cités")


def show_title(field: str, code: str, atlas: Atlas) -> None:
    """Name the theme or topic, and say what it means."""
    term = atlas.terms(f"{field}s")[code]
    shell.name_page(term.label)
    found = bearing_on(field, code, atlas)
    shell.show_title(term.label)
    meaning = f"{shell.markdown(term.meaning)} " if term.meaning != term.label else ""
    st.markdown(f"{meaning}{shell.markdown(_counted(found))}.")


def show_choice(field: str, code: str, atlas: Atlas) -> None:
    """Go to another theme or topic, to those that cross this one, or to the large map."""
    options = [""] + [f"{name}:{c}" for name in FIELDS for c in atlas.terms(f"{name}s")]

    def said(option: str) -> str:
        name, _, value = option.partition(":")
        return (
            f"{FIELDS[name]}{NBSP}: {atlas.label(f'{name}s', value)}"
            if option
            else "Tous les thèmes"
        )

    def write() -> None:
        name, _, value = st.session_state["t-choix"].partition(":")
        address.write({name: value} if value else {})

    st.session_state["t-choix"] = f"{field}:{code}"
    st.selectbox("Thème ou sujet", options, key="t-choix", format_func=said, on_change=write)
    other = "topic" if field == "theme" else "theme"
    found = bearing_on(field, code, atlas)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for value, count in found.related.items():
            _link(other, value, atlas, note=plural(count, "projet"))
        shell.link(
            shell.CARTE, "Filtrer la grande carte", query={field: code}, icon=":material/map:"
        )


def show_projects(field: str, code: str, atlas: Atlas) -> None:
    """Show the map of the theme or topic, its projects, and the lessons that they illustrate."""
    found = bearing_on(field, code, atlas)
    ids = [*found.projects, *found.mentions]
    show_projects_map(ids, atlas, height=420, key=f"carte-{code}")

    def note(sheet) -> str:
        shown = lessons_of(sheet.id, atlas)
        said = [f"{LESSONS[one.kind].lower()} «{NBSP}{one.title.fr}{NBSP}»" for one in shown]
        return ", ".join(said)

    blocks.headed("Projets", found.projects, none="Aucun projet détaillé.")
    blocks.project_links(found.projects, atlas, note=note)
    if found.mentions:
        st.subheader("Lieux cités", anchor=False)
        blocks.project_links(found.mentions, atlas, note=note)


def show_book(field: str, code: str, atlas: Atlas) -> None:
    """Show lessons, essays, words and readings that bear on the theme or topic."""
    if not atlas.publications:
        return
    found = bearing_on(field, code, atlas)
    of = sources.of_the(atlas.collections[next(iter(atlas.publications))])
    none = f"Aucune piste, aucun levier ni principe {of} ne porte sur ce sujet."
    blocks.headed(f"Les leçons {of}", found.lessons, none=none)
    for lesson in found.lessons:
        _show_lesson(lesson, field, code, atlas)
    if found.essays:
        st.subheader("Essais", anchor=False)
    for essay in found.essays:
        _show_essay(essay, atlas)
    if found.definitions:
        st.subheader("Les mots", anchor=False)
        st.html(html_parts.words([(word.term.fr, word.text.fr) for word in found.definitions]))
    if found.readings:
        st.subheader("Pour aller plus loin", anchor=False)
        links = [f"[{shell.markdown(r.link.label.fr)}]({r.link.url})" for r in found.readings]
        st.markdown("\n".join(f"- {link}" for link in links))


def _show_lesson(lesson: Lesson, field: str, code: str, atlas: Atlas) -> None:
    """Show a lesson, what illustrates it, and the other themes and topics that it bears on."""
    said = f"{LESSONS[lesson.kind]} {lesson.rank}, {author_of(lesson, atlas)}"
    said += " · projets rapprochés par l’atlas, non par l’auteur" * (lesson.drawn == "ours")
    st.html(
        f"<div class='va-lesson'><b>{escape(lesson.title.fr)}</b><p>{escape(lesson.text.fr)}</p>"
        f"<small>{escape(said)}</small></div>"
    )
    blocks.project_links(lesson.projects, atlas, note=lambda _: "")
    named = [("theme", c) for c in lesson.themes] + [("topic", c) for c in lesson.topics]
    with st.container(horizontal=True, gap="medium"):
        for name, value in named:
            if (name, value) != (field, code):
                _link(name, value, atlas, key=lesson.id)


def _show_essay(essay: Essay, atlas: Atlas) -> None:
    """Show an essay: who wrote it, what it says, the sheets that it names."""
    with st.expander(f"{_KINDS[essay.kind]}{NBSP}: {shell.markdown(essay.title.fr)}"):
        st.caption(shell.markdown(f"{essay.author}, {essay.role.fr}"))
        st.markdown(shell.markdown(essay.summary.fr))
        st.markdown("\n".join(f"- {shell.markdown(idea.fr)}" for idea in essay.ideas))
        blocks.project_links(essay.projects, atlas, note=lambda _: "")
        shell.link(
            shell.ACTEURS,
            shell.markdown(atlas.organisations[essay.organisation].name),
            query={"actor": essay.organisation},
            icon=":material/groups:",
        )
