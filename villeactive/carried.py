"""Which programmes a place carried at the end of a year, and which nobody dates."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from villeactive.collections.project import Place
from villeactive.programmes import in_order, known_programmes

Labels = pd.DataFrame | Mapping[str, np.ndarray]


def carried_in(labels: Labels, year: int) -> tuple[str, ...]:
    """Give the programmes that a commune surely carried at the end of a year.

    Parameters
    ----------
    labels
        Rows of ``Atlas.carried`` of one commune, or their columns as arrays.
    year
        Calendar year.

    Returns
    -------
    tuple of str
        Labels dated to that year or before; of an undated list, all of it from the year given
        in ``programmes.yaml``. Others are left out: one does not know.
    """
    known = known_programmes()
    rows = zip(labels["programme"], labels["since"], strict=True)
    return in_order(
        {
            code
            for code, since in rows
            if known[code].surely_in(year, int(since[:4]) if isinstance(since, str) else None)
        }
    )


def carried_at(place: Place, labels: Labels, year: int) -> tuple[str, ...]:
    """Give the programmes of a place at the end of a year: by the lists, or dated by its sheet."""
    dated = [code for code, since in place.since.items() if int(since[:4]) <= year]
    return in_order((*carried_in(labels, year), *dated))


def undated_at(place: Place, labels: Labels) -> tuple[str, ...]:
    """Give what neither list nor sheet dates: whether the place carried it then is unknown."""
    known = known_programmes()
    return in_order(
        {code for code in labels["programme"] if known[code].undated and code not in place.since}
    )
