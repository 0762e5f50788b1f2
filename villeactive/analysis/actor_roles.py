"""Organisations: what each does, where, and what it pays."""

from dataclasses import dataclass

import pandas as pd

from villeactive.analysis import summary
from villeactive.atlas import Atlas
from villeactive.collections.project import BudgetLine
from villeactive.vocabulary import terms

QUOTED = "quoted"
"""Role of an organisation that a sheet only quotes or names as contact."""


@dataclass(frozen=True)
class Payment:
    """A line of a budget paid by an organisation or one below it.

    ``counted`` is False when a line that contains this one is paid by the same family: adding
    both would count the euros twice.
    """

    project: str
    payer: str
    line: BudgetLine
    counted: bool


def role_name(role: str) -> str:
    """Name a role in French, in the singular."""
    return "cité ou contact" if role == QUOTED else terms("actor_roles")[role].singular


def all_roles(atlas: Atlas) -> pd.DataFrame:
    """Tell who does what.

    Returns
    -------
    DataFrame
        ``organisation, role, project``: the roles of
        :func:`villeactive.analysis.summary.actors`, then :data:`QUOTED` for an
        organisation that a sheet names without any role.
    """
    acting = summary.actors(atlas)
    known = set(zip(acting["organisation"], acting["project"], strict=True))
    quoted = atlas.named[atlas.named["role"] == ""].assign(role=QUOTED)
    pairs = zip(quoted["organisation"], quoted["project"], strict=True)
    quoted = quoted[[pair not in known for pair in pairs]]
    return pd.concat([acting, quoted], ignore_index=True)


def of_family(actor: str, atlas: Atlas) -> pd.DataFrame:
    """Give what an organisation and those below it do.

    Parameters
    ----------
    actor
        Id of an organisation.
    atlas
        The whole atlas.

    Returns
    -------
    DataFrame
        Rows of :func:`all_roles` of the family, in the order of the book.
    """
    rows = all_roles(atlas)
    rows = rows[rows["organisation"].isin(atlas.family(actor))]
    order = {key: rank for rank, key in enumerate(atlas.sheets)}
    return rows.sort_values("project", key=lambda ids: ids.map(order), kind="stable")


def payments(actor: str, atlas: Atlas) -> list[Payment]:
    """Give the budget lines that an organisation or one below it pays."""
    family = atlas.family(actor)
    found = []
    for sheet in atlas.priced.values():
        paid = [line for line in sheet.budget if line.payer in family]
        own = {line.id for line in paid if line.id}
        found += [Payment(sheet.id, line.payer, line, line.part_of not in own) for line in paid]
    return found


def totals(paid: list[Payment]) -> pd.DataFrame:
    """Total payments, kept apart by what cannot be added.

    Returns
    -------
    DataFrame
        One row per (``nature``, ``per``, ``tax``), empty where the book does not say:
        ``amount_eur`` (euros), ``n_projects``.
    """
    rows = [
        {
            "nature": one.line.nature or "",
            "per": one.line.per or "",
            "tax": one.line.tax or "",
            "amount_eur": one.line.amount_eur,
            "project": one.project,
        }
        for one in paid
        if one.counted
    ]
    table = pd.DataFrame(rows, columns=["nature", "per", "tax", "amount_eur", "project"])
    groups = table.groupby(["nature", "per", "tax"])
    return groups.agg(
        amount_eur=("amount_eur", "sum"), n_projects=("project", "nunique")
    ).reset_index()


def directory(atlas: Atlas) -> pd.DataFrame:
    """List all organisations.

    Returns
    -------
    DataFrame
        Index = id, by kind in vocabulary order then in the order of the file: ``name, short,
        kind, n_projects`` (sheets of the family in which it acts), ``n_named`` (those that only
        name it), ``roles`` (tuple, of its family), ``amount_known``.
    """
    held: dict[str, list[tuple[str, str]]] = {}
    for name, role, project in all_roles(atlas).itertuples(index=False):
        held.setdefault(name, []).append((role, project))
    payers = {line.payer for sheet in atlas.priced.values() for line in sheet.budget}
    records = []
    for organisation in atlas.organisations.values():
        family = atlas.family(organisation.id)
        own = [pair for member in family for pair in held.get(member, ())]
        acts = {project for role, project in own if role != QUOTED}
        roles = {role for role, _ in own if role != QUOTED}
        records.append(
            {
                "id": organisation.id,
                "name": organisation.name,
                "short": organisation.short or "",
                "kind": organisation.kind,
                "n_projects": len(acts),
                "n_named": len({project for _, project in own} - acts),
                "roles": tuple(role for role in terms("actor_roles") if role in roles),
                "amount_known": not payers.isdisjoint(family),
            }
        )
    order = {code: rank for rank, code in enumerate(terms("organisation_kinds"))}
    columns = ["id", "name", "short", "kind", "n_projects", "n_named", "roles", "amount_known"]
    table = pd.DataFrame(records, columns=columns).set_index("id")
    return table.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")
