"""What the page « Thèmes » shows: a theme or a topic, its projects, the book on it."""

from html import escape

import streamlit as st

from villeactive.analysis import publication_links
from villeactive.analysis.publication_links import Bearing
from villeactive.atlas import Atlas
from villeactive.collections.publication import Essay, Lesson
from villeactive.maps.symbols import symbol_svg
from villeactive.text import NBSP, plural
from villeactive.ui import address, shell
from villeactive.ui.parts import blocks, html_parts
from villeactive.ui.parts.map import show_map
from villeactive.vocabulary import label, terms

FIELDS = {"theme": "Thème", "topic": "Sujet"}
LESSONS = {"piste": "Piste", "levier": "Levier", "principe": "Principe"}
_KINDS = {
    "avant-propos": "Avant-propos",
    "introduction": "Introduction",
    "grand-temoin": "Grand témoin",
}


def asked(atlas: Atlas) -> tuple[str, str | None]:  # noqa: ARG001
    """Read the theme or the topic of the address; one that does not live is said."""
    for field in ("topic", "theme"):
        code = blocks.given(field)
        if code in terms(f"{field}s"):
            return field, code
        if code:
            st.warning(
                f"{FIELDS[field]}{NBSP}: {blocks.quoted(code)} n’existe pas ou plus{NBSP}; "
                "choisissez ci-dessous.",
                icon=":material/link_off:",
            )
    return "theme", None


def _gathered(field: str, code: str, atlas: Atlas) -> Bearing:
    """Gather what bears on the theme or topic."""
    return (publication_links.of_theme if field == "theme" else publication_links.of_topic)(
        code, atlas
    )


def _link(field: str, code: str, *, key: str = "vers", note: str = "") -> None:
    """Link to a theme or a topic."""
    words = f"{terms(f'{field}s')[code].label} ({note})" if note else label(f"{field}s", code)
    blocks.link(
        shell.THEMES,
        words,
        key=f"{key}-{field}-{code}",
        query={field: code},
        icon=":material/category:",
        here=True,
    )


def show_overview(atlas: Atlas) -> None:
    """Show both themes, each with its topics and how many projects they have."""
    dark = shell.is_dark()
    for column, (code, theme) in zip(
        st.columns(len(terms("themes")), gap="large"), terms("themes").items(), strict=True
    ):
        found = publication_links.of_theme(code, atlas)
        with column:
            sign = html_parts.image(symbol_svg(code, "projet", dark=dark))
            st.html(
                f"<div class='va-sheet'><h2>{escape(theme.label)}</h2><p class='va-kind'>{sign}"
                f"<span>{escape(plural(len(found.projects), 'projet'))}, "
                f"{escape(plural(len(found.mentions), 'lieu cité', 'lieux cités'))}</span></p>"
                f"<p>{escape(theme.meaning)}</p></div>"
            )
            _link("theme", code, note="carte, projets, leçons du livre")
            st.caption("Ses sujets")
            with st.container(gap="xxsmall"):
                for topic, count in found.related.items():
                    _link("topic", topic, key=code, note=plural(count, "projet"))
    lone = [t for t in terms("topics") if not publication_links.of_topic(t, atlas).projects]
    for topic in lone:
        _link("topic", topic, note="lieux cités")


def show_title(field: str, code: str, atlas: Atlas) -> None:
    """Name the theme or topic, and say what it means."""
    term = terms(f"{field}s")[code]
    shell.name_page(term.label)
    found = _gathered(field, code, atlas)
    st.title(shell.markdown(term.label), anchor=False)
    count = plural(len(found.projects), "projet")
    if found.mentions:
        count += f", {plural(len(found.mentions), 'lieu cité', 'lieux cités')}"
    st.markdown(f"{shell.markdown(term.meaning)} {shell.markdown(count)}.")


def show_choice(field: str, code: str, atlas: Atlas) -> None:
    """Go to another theme or topic, to those that cross this one, or to the large map."""
    options = [""] + [f"{name}:{c}" for name in FIELDS for c in terms(f"{name}s")]

    def said(option: str) -> str:
        name, _, value = option.partition(":")
        return f"{FIELDS[name]}{NBSP}: {label(f'{name}s', value)}" if option else "Tous les thèmes"

    def write() -> None:
        name, _, value = st.session_state["t-choix"].partition(":")
        address.write({name: value} if value else {})

    st.session_state["t-choix"] = f"{field}:{code}"
    st.selectbox("Thème ou sujet", options, key="t-choix", format_func=said, on_change=write)
    other = "topic" if field == "theme" else "theme"
    found = _gathered(field, code, atlas)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for value, count in found.related.items():
            _link(other, value, note=plural(count, "projet"))
        shell.link(
            shell.CARTE, "Filtrer la grande carte", query={field: code}, icon=":material/map:"
        )


def show_projects(field: str, code: str, atlas: Atlas) -> None:
    """Show the map of the theme or topic, its projects, and the lessons that they illustrate."""
    found = _gathered(field, code, atlas)
    ids = [*found.projects, *found.mentions]
    sites = atlas.sites[atlas.sites["project"].isin(ids)].assign(matches=True)
    show_map(
        sites,
        layers=("projects", "mentions"),
        on_click=lambda project: blocks.go(shell.PROJET, projet=project),
        dark=shell.is_dark(),
        compact=True,
        height=420,
        key=f"carte-{code}",
    )

    def note(sheet) -> str:
        shown = publication_links.lessons_of(sheet.id, atlas)
        said = [f"{LESSONS[one.kind].lower()} «{NBSP}{one.title.fr}{NBSP}»" for one in shown]
        return ", ".join(said)

    st.subheader("Projets", anchor=False)
    if not found.projects:
        st.markdown("Le livre n’en détaille aucun.")
    blocks.project_links(found.projects, atlas, note=note)
    if found.mentions:
        st.subheader("Lieux cités", anchor=False)
        blocks.project_links(found.mentions, atlas, note=note)


def show_book(field: str, code: str, atlas: Atlas) -> None:
    """Show lessons, essays, words and readings that bear on the theme or topic."""
    found = _gathered(field, code, atlas)
    st.subheader("Ce que le livre en retient", anchor=False)
    if not found.lessons:
        st.markdown("Aucune piste, aucun levier ni principe du livre ne porte sur ce sujet.")
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
    said = f"{LESSONS[lesson.kind]} {lesson.rank}, {atlas.book.essay(lesson.essay).author}"
    said += " · projets rapprochés par l’atlas, non par le livre" * (lesson.drawn == "ours")
    st.html(
        f"<div class='va-lesson'><b>{escape(lesson.title.fr)}</b><p>{escape(lesson.text.fr)}</p>"
        f"<small>{escape(said)}</small></div>"
    )
    blocks.project_links(lesson.projects, atlas, note=lambda _: "")
    named = [("theme", c) for c in lesson.themes] + [("topic", c) for c in lesson.topics]
    with st.container(horizontal=True, gap="medium"):
        for name, value in named:
            if (name, value) != (field, code):
                _link(name, value, key=lesson.id)


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
