"""The address is the state: every page reads its selection there, every change is written there.

Widgets are seeded from the address at each run; a change goes widget → selection → address,
which pushes an entry to the history, so that Back undoes the last step.

What was gathered (``shortlist``) and the collections chosen (``collection``) go along to every
page: links and changes of the address take them with them, and :func:`carry` brings them to a page
that the menu opened.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from villeactive.atlas import Atlas
from villeactive.selection import Selection, from_query, without
from villeactive.ui.trial import current_atlas

_GATHERED = "shortlist"
_ALONG = {_GATHERED: "gathered-kept", "collection": "collection-kept"}
"""Key of the address that goes along → where it is kept meanwhile."""

_STEPS = "steps"
_MOST_STEPS = 30


def carry() -> dict[str, str]:
    """Keep what goes along for the page shown, and give it as its address should say it.

    The menu opens a page by its bare address: the script of every page completes it in place
    (``assets/page.js``), so that one step back is one page back.
    """
    found = {key: _in_force(key) for key in _ALONG}
    for key, kept in _ALONG.items():
        st.session_state[kept] = found[key]
    if _sent() not in _steps()[-1:]:
        st.session_state[_STEPS] = [_sent()]
    return found


def _steps() -> list[dict[str, str]]:
    """Give the addresses written one after the other since the reader last went elsewhere."""
    return st.session_state.get(_STEPS, [])


def here() -> dict[str, str]:
    """Give the address as the last step left it; several values of a key, comma-separated.

    What a callback makes of an address, it makes of this one: what the page shown had read may
    be a step behind.

    A busy browser sends a click with an address that a step has already left: only what it sends
    by going back or to another page is a wish to be there. No address at all is no wish either: a
    page without one runs its script before it can be clicked.
    """
    sent, steps = _sent(), _steps()
    late = sent in steps[:-1] or (steps and not sent)
    return steps[-1] if late and not _is_back() else sent


def _sent() -> dict[str, str]:
    """Give the address that the browser sent, or that this run has written since."""
    return {key: ",".join(st.query_params.get_all(key)) for key in st.query_params}


def _put(query: Mapping[str, str]) -> None:
    """Write an address, and remember the step."""
    left = here()
    steps = _steps() if left in _steps()[-1:] else [left]
    st.session_state[_STEPS] = [*steps, dict(query)][-_MOST_STEPS:]
    st.query_params.from_dict(query)


def _is_back() -> bool:
    """Tell whether this run answers Back or Forward."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def stay() -> None:
    """Keep to the address of the last step, whatever the browser sends with what it asks."""
    if here() != _sent():
        st.query_params.from_dict(here())


def seed(key: str, value: object) -> str:
    """Give a widget the value of the address, and its key.

    One that has it already is not given it again: it would come back to a browser in which a hasty
    hand has gone on. A browser that takes two runs at once has only seen the second, in which the
    value was not given: each widget bears it as its default too, or it would begin empty there.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def _in_force(key: str) -> str:
    """Give what goes along at this run: what the address says, else what was kept.

    Back and Forward may show a step at which nothing was kept yet: there the address is right.
    """
    return here().get(key) or ("" if _is_back() else st.session_state.get(_ALONG[key], ""))


def chosen(atlas: Atlas) -> tuple[str, ...]:
    """Give the collections chosen, on any page; empty means all."""
    return tuple(code for code in _in_force("collection").split(",") if code in atlas.collections)


def title() -> str:
    """Name the page of what was gathered, with how many there are."""
    count = len([name for name in _in_force(_GATHERED).split(",") if name])
    return f"Ma sélection ({count})" if count else "Ma sélection"


def along(query: Mapping[str, str]) -> dict[str, str]:
    """Give the query of a link, with what goes along."""
    kept = {key: st.session_state.get(where, "") for key, where in _ALONG.items()}
    return {key: value for key, value in kept.items() if value} | dict(query)


def write(query: Mapping[str, str]) -> None:
    """Write the address of a page, what goes along kept."""
    _put(along(query))


def gathered(atlas: Atlas) -> tuple[str, ...]:
    """Read what was gathered, on a page whose address is not a whole selection."""
    return from_query({_GATHERED: _in_force(_GATHERED)}, atlas)[0].shortlist


def keep(values: Mapping[str, str | None]) -> None:
    """Write what a page asks beside its selection, the rest of the address kept; None lifts it."""
    _put({key: value for key, value in (here() | {**values}).items() if value})


def gather(names: Sequence[str]) -> None:
    """Write what is gathered, the rest of the address kept."""
    st.session_state[_ALONG[_GATHERED]] = ",".join(names)
    rest = {key: value for key, value in here().items() if key != _GATHERED}
    _put(rest | ({_GATHERED: ",".join(names)} if names else {}))


def _read(query: Mapping[str, str | list[str]], atlas: Atlas) -> tuple[Selection, list[str]]:
    """Read an address as :func:`villeactive.selection.from_query` does."""
    return from_query({**query, **{key: _in_force(key) for key in _ALONG}}, atlas)


def current(atlas: Atlas) -> Selection:
    """Read the selection of the address; values that no longer exist are said once."""
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    selection, dropped = _read(query, atlas)
    with st.container(key="avis"):
        for sentence in dropped:
            st.warning(sentence, icon=":material/link_off:")
    return selection


def step(wished: Callable[[Selection], Selection], atlas: Atlas | None = None) -> None:
    """Write the selection that is made of the one asked for, which is read once.

    Other filters begin the list at its first page; ``atlas`` as for :func:`asked`.
    """
    shown = asked(atlas)
    selection = wished(shown)
    if selection.filters != shown.filters:
        selection = replace(selection, page=1)
    for key, kept in _ALONG.items():
        st.session_state[kept] = ",".join(getattr(selection, key))
    _put(selection.to_query())


def asked(atlas: Atlas | None = None) -> Selection:
    """Read the selection that the address asks for now, be the page that shows it drawn or not.

    A callback reads it when it is called: a hasty hand may use a page that the step before has
    not drawn anew yet. Who has an atlas gives it: to find the current one is to look at the disk.
    """
    return _read(here(), atlas or current_atlas())[0]


def leave(collection: str) -> None:
    """Choose no longer a collection that goes, the rest of the address kept."""
    others = [name for name in _in_force("collection").split(",") if name not in ("", collection)]
    st.session_state[_ALONG["collection"]] = ",".join(others)
    rest = {key: value for key, value in here().items() if key != "collection"}
    _put(rest | ({"collection": ",".join(others)} if others else {}))


def change(atlas: Atlas | None = None, /, **values: object) -> None:
    """Replace some values of the address; ``atlas`` as for :func:`asked`."""
    step(lambda shown: replace(shown, **values), atlas)


def lift(chip: str) -> None:
    """Lift one active filter, named as :func:`villeactive.selection.chips` does."""
    step(lambda shown: without(shown, chip))


def unfilter() -> None:
    """Lift every filter; what is shown and gathered stays."""
    step(lambda shown: shown.unfiltered)
