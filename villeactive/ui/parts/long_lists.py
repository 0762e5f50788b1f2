"""A filter of thousands of values: its list offers some, and a box of words finds the others.

Streamlit sends a list whole at each click: the names of 20 000 organisations weigh a megabyte.
"""

from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.filters import LISTS, Filter
from villeactive.kept_with import kept_with_first
from villeactive.selection import MAX_TEXT, known_values, name_of
from villeactive.text import NBSP, fold, fold_all, number
from villeactive.ui import address

WHOLE = 120
"""Values that a list offers at most without a box of words."""

OFFERED = 30
"""Values that a longer list offers: those that give most."""


def show_words(
    one: Filter,
    values: Sequence[str],
    counts: Mapping[str, int],
    chosen: Collection[str],
    atlas: Atlas,
) -> list[str]:
    """Show the box of words of a filter, where its list is long.

    Parameters
    ----------
    one
        The filter.
    values, counts
        Its values still open, and what each would give.
    chosen
        Those in force: they stay.

    Returns
    -------
    list of str
        The values to offer, in the order given.
    """
    if len(values) <= WHOLE:
        return list(values)
    title = one.title or one.label
    said = st.text_input(
        f"Chercher dans la liste{NBSP}: {title}",
        key=f"f-{one.key}-words",
        on_change=address.stay,
        max_chars=MAX_TEXT,
        placeholder="un mot du nom",
    )
    words = [f" {word}" for word in fold(said).split()]
    names = _folded(atlas, one.key)
    found = [code for code in values if all(word in names[code] for word in words)]
    kept = {*sorted(found, key=lambda code: -counts.get(code, 0))[:OFFERED], *chosen}
    if len(found) > OFFERED:
        st.caption(
            f"{number(len(found))} noms{NBSP}: la liste propose les {OFFERED} qui ont le plus de "
            "projets."
        )
    elif not found:
        st.caption("Aucun nom n’a ces mots.")
    return [code for code in values if code in kept]


@kept_with_first(len(LISTS))
def _folded(atlas: Atlas, name: str) -> dict[str, str]:
    """Fold the names of the values of a filter, short and whole, a space before each word."""
    whole = known_values(name, atlas)
    said = (f"{name_of(name, code, atlas)} {label}" for code, label in whole.items())
    return {code: f" {text}" for code, text in zip(whole, fold_all(said), strict=True)}
