"""A click is answered to its end before the next one is looked at.

Streamlit looks for the next click wherever the session is read or written, in the callback of the
one before as well: it stops there, and takes what it interrupts for a callback that asked for a new
run. A word typed and a button pressed right after are enough for the word to be lost.
"""

from functools import wraps

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SafeSessionState

_BEGIN = SafeSessionState.on_script_will_rerun
"""What Streamlit calls with the widgets of a click: it calls back those that changed."""


def answer_whole() -> None:
    """Let the callbacks of every session go to their end; the next click is taken right after."""
    SafeSessionState.on_script_will_rerun = _to_the_end


@wraps(_BEGIN)
def _to_the_end(self: SafeSessionState, *args: object, **kwargs: object) -> None:
    requests = get_script_run_ctx().script_requests
    # of this run alone: what is asked meanwhile stays asked
    requests.on_scriptrunner_yield = lambda: None
    try:
        _BEGIN(self, *args, **kwargs)
    finally:
        del requests.on_scriptrunner_yield
