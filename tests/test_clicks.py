"""A click is answered to its end, whatever is clicked meanwhile."""

import os
import subprocess
import sys

import pytest
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
    clicks.answer_whole()


@pytest.mark.usefixtures("whole")
def test_a_click_is_kept_when_another_comes_before_it_is_written():
    kept = _typed()
    assert kept["written"] == kept["said"] == "Lens"


@pytest.mark.usefixtures("whole")
def test_the_click_that_came_is_answered_right_after():
    assert _typed()["shown"] == [{}, {"second": "click"}]


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
