"""The file of the labelled towns, which the map on the screen signs and names (``towns.js``)."""

import pandas as pd

from villeactive.maps.web.place_names import in_order
from villeactive.maps.web.site_rows import bits
from villeactive.programmes import labelled
from villeactive.text import compact_json


def towns_json(towns: pd.DataFrame) -> str:
    """Write the static file of the labelled towns, fetched once by the map.

    Parameters
    ----------
    towns
        ``atlas.towns``: index ``code_insee``, columns ``name, lon, lat, population, programmes``.

    Returns
    -------
    str
        ``{"programmes": [...], "towns": [[code, name, lon, lat, bits], ...]}``; bit *i* of
        ``bits`` says that the town carries ``programmes[i]``. The most peopled first, as they
        are named (``names.js``), then by code: same bytes twice.
    """
    rows = [
        [row.Index, row.name, round(row.lon, 4), round(row.lat, 4),
         bits(row.programmes, labelled())]
        for row in in_order(towns).itertuples()
    ]  # fmt: skip
    payload = {"programmes": list(labelled()), "towns": rows}
    return compact_json(payload) + "\n"
