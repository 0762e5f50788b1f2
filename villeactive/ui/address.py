"""The address is the state: every page reads its selection there, every change is written there.

Widgets are seeded from the address at each run; a change goes widget → selection → address,
which pushes an entry to the history, so that Back undoes the last step.

What was gathered (``shortlist``) goes along to every page: links and changes of the address take
it with them, and :func:`carry` brings it to a page that the menu opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from villeactive.atlas import Atlas
from villeactive.selection import Selection, from_query

_GATHERED = "shortlist"
_KEPT = "gathered-kept"
_STEP = "last-step"


def carry() -> str:
    """Keep what was gathered for the page shown, and give it as its address should say it.

    The menu opens a page by its bare address: the script of every page completes it in place
    (``assets/page.js``), so that one step back is one page back.
    """
    st.session_state[_KEPT] = names = _in_force()
    return names


def _in_force() -> str:
    """Give what is gathered at this run: what the address says, else what was kept.

    Back and Forward may show a step at which nothing was gathered yet: there the address is right.
    """
    here = ",".join(st.query_params.get_all(_GATHERED))
    run = get_script_run_ctx()
    back = run is not None and run.is_history_navigation
    return here or ("" if back else st.session_state.get(_KEPT, ""))


def title() -> str:
    """Name the page of what was gathered, with how many there are."""
    count = len([name for name in _in_force().split(",") if name])
    return f"Ma sélection ({count})" if count else "Ma sélection"


def along(query: Mapping[str, str]) -> dict[str, str]:
    """Give the query of a link, with what was gathered."""
    kept = st.session_state.get(_KEPT, "")
    return ({_GATHERED: kept} if kept else {}) | dict(query)


def write(query: Mapping[str, str]) -> None:
    """Write the address of a page, what was gathered kept."""
    st.query_params.from_dict(along(query))


def gathered(atlas: Atlas) -> tuple[str, ...]:
    """Read what was gathered, on a page whose address is not a whole selection."""
    return from_query({_GATHERED: _in_force()}, atlas)[0].shortlist


def keep(values: Mapping[str, str | None]) -> None:
    """Write what a page asks beside its selection, the rest of the address kept; None lifts it."""
    query = {key: ",".join(st.query_params.get_all(key)) for key in st.query_params}
    st.query_params.from_dict({key: value for key, value in (query | {**values}).items() if value})


def gather(names: Sequence[str]) -> None:
    """Write what is gathered, the rest of the address kept."""
    st.session_state[_KEPT] = ",".join(names)
    if names:
        st.query_params[_GATHERED] = ",".join(names)
    else:
        st.query_params.pop(_GATHERED, None)


def current(atlas: Atlas) -> Selection:
    """Read the selection of the address; values that no longer exist are said once."""
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    selection, dropped = from_query(query | {_GATHERED: _in_force()}, atlas)
    with st.container(key="avis"):
        for sentence in dropped:
            st.warning(sentence, icon=":material/link_off:")
    return selection


def go(selection: Selection) -> None:
    """Write a selection to the address."""
    st.session_state[_KEPT] = ",".join(selection.shortlist)
    st.query_params.from_dict(selection.to_query())


def change(selection: Selection, **values: object) -> None:
    """Write the selection of a page with some values replaced.

    A hasty hand may use a page that the step before has not drawn anew yet: that step, which the
    address says already, is kept.
    """
    before, after = st.session_state.get(_STEP, (None, None))
    if before == selection and dict(st.query_params) == after.to_query():
        selection = after
    st.session_state[_STEP] = before, after = selection, replace(selection, **values)
    go(after)
