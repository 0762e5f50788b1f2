"""What the page « Acteurs » shows: all organisations, or one of them."""

import pandas as pd
import streamlit as st

from villeactive.analysis import actor_roles
from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.collections.publication import Publication
from villeactive.kept_with import kept_with_first
from villeactive.text import NBSP, enumeration, number, of, plural
from villeactive.ui import address, shell
from villeactive.ui.parts import blocks
from villeactive.ui.parts.map import show_projects_map
from villeactive.vocabulary import label, terms
from villeactive.wording import sources
from villeactive.wording.facts import amount, qualified


@kept_with_first()
def _directory(atlas: Atlas) -> pd.DataFrame:
    """List the organisations once; never mutated."""
    return actor_roles.directory(atlas)


def asked(atlas: Atlas) -> str | None:
    """Read the organisation of the address; one that does not live is said."""
    actor = blocks.given("actor")
    if actor and actor not in atlas.organisations:
        st.warning(
            f"Aucun acteur n’a l’identifiant {blocks.quoted(actor)}. Cherchez-le par son nom.",
            icon=":material/link_off:",
        )
    return actor if actor in atlas.organisations else None


def _link(actor: str, atlas: Atlas, *, note: str = "") -> None:
    """Link to an organisation."""
    name = atlas.organisations[actor].name
    blocks.link(
        shell.ACTEURS,
        f"{name}, {note}" if note else name,
        key=f"vers-{actor}",
        query={"actor": actor},
        icon=":material/groups:",
        here=True,
    )


def show_directory(atlas: Atlas) -> None:
    """Show how many organisations of each kind, then all of them."""
    table = _directory(atlas)
    if table.empty:
        st.info(f"Aucune organisation n’est nommée par {sources.called(atlas)}.")
        return
    counts = table["kind"].value_counts()
    kinds = [code for code in terms("organisation_kinds") if code in counts]
    left, right = st.columns([2, 3], gap="large")
    with left:
        acting = int((table["n_projects"] > 0).sum())
        st.markdown(
            f"{plural(len(table), 'organisation')} citées par {sources.called(atlas)}, dont "
            f"{number(acting)} agissent dans un projet."
        )
        st.html(blocks.bars([("", label("organisation_kinds", c), int(counts[c])) for c in kinds]))
    with right:
        most = table.sort_values("n_projects", ascending=False, kind="stable").head(6)
        st.markdown("Les plus présents dans les fiches\u00a0:")
        with st.container(gap="xxsmall"):
            for actor, row in most.iterrows():
                _link(str(actor), atlas, note=plural(int(row["n_projects"]), "fiche"))
    _show_list(table, kinds)


def _show_list(table: pd.DataFrame, kinds: list[str]) -> None:
    """List the organisations, of the kinds chosen; opening one writes it to the address."""
    given = blocks.given("type")
    st.session_state["a-type"] = given if given in kinds else None

    def write() -> None:
        chosen = st.session_state["a-type"]
        address.write({"type": chosen} if chosen else {})

    st.pills(
        "Type d’acteur",
        kinds,
        wrap=True,
        format_func=lambda code: label("organisation_kinds", code),
        key="a-type",
        on_change=write,
    )
    shown = table[table["kind"] == given] if given in kinds else table
    rows = [
        [
            row.Index,
            f"{row.name} ({row.short})" if row.short and row.short not in row.name else row.name,
            label("organisation_kinds", row.kind),
            int(row.n_projects),
            enumeration([actor_roles.role_name(role) for role in row.roles]),
            "oui" if row.amount_known else "",
        ]
        for row in shown.itertuples(name="Row")
    ]
    columns = ["Acteur", "Type", "Fiches", "Rôles", "Montants connus"]
    caption = "Un clic ouvre l’acteur, un titre de colonne trie."
    if opened := blocks.table(columns, rows, caption=caption, key="acteurs"):
        blocks.go(shell.ACTEURS, here=True, actor=opened)


def show_title(actor: str, atlas: Atlas) -> None:
    """Name the organisation, its kind and its site."""
    one = atlas.organisations[actor]
    shell.name_page(one.shown)
    blocks.link(
        shell.ACTEURS,
        "Tous les acteurs",
        key="tous",
        query={},
        icon=":material/arrow_back:",
        here=True,
    )
    shell.show_title(one.name)
    said = [one.short] if one.short and one.short != one.name else []
    said.append(label("organisation_kinds", one.kind))
    words = shell.markdown(" · ".join(said))
    st.caption(f"{words} · [site officiel]({one.link})" if one.link else words)


def show_projects(actor: str, atlas: Atlas) -> None:
    """Show the sheets where it acts with its roles, then those that only name it."""
    rows = actor_roles.of_family(actor, atlas)
    acting = rows[rows["role"] != actor_roles.QUOTED]
    named = rows[~rows["project"].isin(acting["project"])]
    blocks.headed("Projets et rôles", acting, none="Aucune fiche ne lui donne de rôle.")
    blocks.project_links(
        acting["project"].unique(), atlas, note=lambda s: _roles(s, acting, actor, atlas)
    )
    if len(named):
        st.subheader("Cité ou contact", anchor=False)
        blocks.project_links(named["project"].unique(), atlas, note=lambda _: "")
    if len(acting):
        shell.link(
            shell.CARTE, "Filtrer la grande carte", query={"actor": actor}, icon=":material/map:"
        )


def _roles(sheet: Project, rows: pd.DataFrame, actor: str, atlas: Atlas) -> str:
    """Say the roles in a sheet, and which organisation of the family holds them."""
    said = []
    for name, own in rows[rows["project"] == sheet.id].groupby("organisation", sort=False):
        held = enumeration([actor_roles.role_name(role) for role in own["role"]])
        said.append(held if name == actor else f"{held} ({atlas.organisations[name].shown})")
    return ", ".join(said)


def show_amounts(actor: str, atlas: Atlas) -> None:
    """Show what it pays, line by line, then the sums that can be made."""
    paid = actor_roles.payments(actor, atlas)
    none = "Aucun montant payé par cet acteur n’est donné."
    if not blocks.headed("Montants connus", paid, none=none):
        return
    rows = []
    for one in paid:
        sheet = atlas.sheets[one.project]
        payer = "" if one.payer == actor else atlas.organisations[one.payer].shown
        nature = label("budget_natures", one.line.nature) if one.line.nature else ""
        words = ", ".join(part for part in (one.line.label.fr, nature, payer) if part)
        rows.append([f"{sheet.title.fr}{NBSP}: {words}", amount(one.line)])
    columns = [("Ligne du budget", ""), ("Montant", "Tel qu’imprimé")]
    st.html(
        f"<div class='va-wrap'>{blocks.grid(columns, rows, label='Montants', total=False)}</div>"
    )
    said = []
    for row in actor_roles.totals(paid).itertuples():
        nature = f" ({label('budget_natures', row.nature)})" if row.nature else ""
        said.append(f"{qualified(row.amount_eur, row.tax, row.per)}{nature}")
    st.caption(shell.markdown(f"En tout{NBSP}: {enumeration(said)}."))


def show_map_of(actor: str, atlas: Atlas) -> None:
    """Show the sites of the sheets where it acts or is named; a click opens one."""
    rows = actor_roles.of_family(actor, atlas)
    if len(rows):
        show_projects_map(rows["project"], atlas, key="carte-acteur")


def show_family(actor: str, atlas: Atlas) -> None:
    """Link to the organisation above, and to those below."""
    one = atlas.organisations[actor]
    below = [o.id for o in atlas.organisations.values() if o.parent == actor]
    if one.parent:
        st.subheader("Fait partie de", anchor=False)
        _link(one.parent, atlas)
    if below:
        st.subheader("Comprend", anchor=False)
        for other in below:
            _link(other, atlas)
        st.caption("Leurs projets sont comptés avec les siens.")


def show_in_book(actor: str, atlas: Atlas) -> None:
    """Say what it does in the book itself: institution, essays, schemes."""
    for name, book in atlas.publications.items():
        _show_in(book, sources.the(atlas.collections[name]), actor)


def _show_in(book: Publication, called: str, actor: str) -> None:
    """Say what an organisation does in one book."""
    said = [found.role.fr for found in book.institutions if found.organisation == actor]
    said += [
        f"Essai {of(essay.author)}{NBSP}: {essay.title.fr}"
        for essay in book.essays
        if actor in {essay.organisation, *essay.other_organisations}
    ]
    said += [
        f"Dispositif{NBSP}: {scheme.name.fr}. {scheme.says.fr}"
        for scheme in book.schemes
        if scheme.organisation == actor
    ]
    if said:
        st.subheader(f"Dans {called}", anchor=False)
        st.markdown("\n".join(f"- {shell.markdown(line)}" for line in said))
