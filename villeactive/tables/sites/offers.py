"""Whether a table looks as if its projects had several sites: how many cells, how many rows."""

from dataclasses import dataclass

from villeactive.kept_with import kept_with_first
from villeactive.tables.sites.cells import Parting
from villeactive.tables.sites.identified import repeated_ids
from villeactive.tables.understanding import Understood
from villeactive.tables.values import filled
from villeactive.text import NBSP, number, plural

_LEAST, _SHARE = 3, 0.02
"""Cells, and share of the filled ones, from which cells that name several communes are told."""


@dataclass(frozen=True)
class Offers:
    """What may be read as projects with several sites; 0 where nothing looks like it.

    ``cells`` counts the rows whose cell names several communes, each of them sure; ``rows`` the
    identifiers that come back on several rows of one title, ``header`` names their column.
    """

    cells: int = 0
    rows: int = 0
    header: str = ""

    def said(self) -> dict[str, str]:
        """Say in French what is offered: ``cells`` or ``rows`` → one sentence."""
        cells = plural(
            self.cells, "cellule nomme plusieurs communes", "cellules nomment plusieurs communes"
        )
        back = "identifiant revient" if self.rows < 2 else "identifiants reviennent"
        rows = f"{number(self.rows)} {back} sur plusieurs lignes ({self.header})"
        return {
            how: f"{words}{NBSP}: en faire {'un projet' if count < 2 else 'des projets'} à "
            "plusieurs lieux"
            for how, count, words in (("cells", self.cells, cells), ("rows", self.rows, rows))
            if count
        }


@kept_with_first()
def offers(understood: Understood) -> Offers:
    """Return what may be read of a table as projects with several sites."""
    columns, table = understood.columns, understood.table
    parting = Parting(columns)
    named = [c.index for c in columns if c.role in ("name", "code")]
    several = whole = 0
    for row in table.rows:
        if not any(filled(row[index]) for index in named):
            continue
        whole += 1
        sites = parting.parted(row)
        if len(sites) > 1:
            found = parting.communes(sites)
            several += None not in found and len(set(found)) > 1
    repeated = repeated_ids(columns, table)
    return Offers(
        several if several >= max(_LEAST, _SHARE * whole) else 0,
        repeated[1] if repeated else 0,
        repeated[0].header if repeated else "",
    )
