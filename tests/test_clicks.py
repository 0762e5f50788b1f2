"""A click is answered to its end, whatever is clicked meanwhile."""

import os
import subprocess
import sys

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from villeactive.ui import clicks


def _page():
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    def write():
        # a second click comes from the browser: it says nothing that this one did not
        get_script_run_ctx().script_requests.request_rerun(RerunData(query_string="second=click"))
        st.session_state["written"] = st.session_state["said"]
        st.query_params["said"] = st.session_state["said"]

    st.text_input("Mot", key="said", on_change=write)
    st.session_state["shown"] = [*st.session_state.get("shown", ()), dict(st.query_params)]


def _typed():
    page = AppTest.from_function(_page).run()
    return page.text_input("said").set_value("Lens").run().session_state


@pytest.fixture
def whole(monkeypatch):
    """Answer clicks as the server does, for one test."""
    monkeypatch.setattr(
        SafeSessionState, "on_script_will_rerun", SafeSessionState.on_script_will_rerun
    )
    monkeypatch.setattr(ScriptRequests, "__init__", ScriptRequests.__init__)
    clicks.answer_whole()


@pytest.mark.usefixtures("whole")
def test_a_click_is_kept_when_another_comes_before_it_is_written():
    kept = _typed()
    assert kept["written"] == kept["said"] == "Lens"


@pytest.mark.usefixtures("whole")
def test_the_click_that_came_is_answered_right_after():
    assert _typed()["shown"] == [{}, {"second": "click"}]


def _overtaken():
    from copy import copy
    from threading import Thread

    import streamlit as st
    from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx
    from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
    from streamlit.runtime.scriptrunner_utils.script_run_context import add_script_run_ctx
    from streamlit.runtime.state import SafeSessionState

    def called_back(requests: ScriptRequests, shared, told: list[str]):
        """Begin another click of this session, with no widget at all, in a thread of its own."""
        run = copy(get_script_run_ctx())
        run.script_requests = requests
        state = SafeSessionState(shared, lambda: None)

        def begin():
            told.append("waits")
            try:
                state.on_script_will_rerun(None)
                told.append("begins")
            except StopException:
                told.append("stops")

        thread = Thread(target=begin)
        add_script_run_ctx(thread, run)
        thread.start()
        return thread

    def write():
        run, told = get_script_run_ctx(), []
        before, after = ScriptRequests(), ScriptRequests()
        before.rank, after.rank = run.script_requests.rank - 1, after.rank
        inner = run.session_state._state
        threads = [called_back(one, inner, told) for one in (before, after)]
        while told.count("waits") < 2:
            threads[0].join(0.01)
        st.session_state["meanwhile"] = list(told)
        st.session_state["others"] = threads, told

    st.text_input("Mot", key="said", on_change=write)
    if "others" in st.session_state:
        threads, told = st.session_state["others"]
        for thread in threads:
            thread.join()
        st.session_state["told"] = sorted(told)


@pytest.mark.usefixtures("whole")
def test_clicks_of_a_session_call_back_one_by_one_and_none_after_a_later_one():
    page = AppTest.from_function(_overtaken).run()
    kept = page.text_input("said").set_value("Lens").run().session_state
    assert kept["meanwhile"] == ["waits", "waits"]
    assert kept["told"] == ["begins", "stops", "waits", "waits"]


def test_streamlit_alone_still_loses_it():
    assert "written" not in _typed()


_STARTED = """
import asyncio

from streamlit.runtime.state import SafeSessionState

from villeactive.ui.start import lifespan


async def main():
    async with lifespan(None):
        print(SafeSessionState.on_script_will_rerun.__code__.co_filename)


asyncio.run(main())
"""


def test_the_server_answers_so_from_its_start():
    environment = os.environ | {"STREAMLIT_SERVER_HEADLESS": "true"}
    said = subprocess.run(
        [sys.executable, "-c", _STARTED], capture_output=True, text=True, check=True,
        env=environment,
    )  # fmt: skip
    assert said.stdout.strip() == clicks.__file__
