"""A click is answered to its end before the next one is looked at, and never after it.

Streamlit looks for the next click wherever the session is read or written, in the callback of the
one before as well: it stops there, and takes what it interrupts for a callback that asked for a new
run. A word typed and a button pressed right after are enough for the word to be lost.

It gives each click a thread of its own as soon as it comes (``runner.fastReruns``): on a busy
machine two of them call back at once, each on the address that the other has not written yet, or
the first one after the second, with widgets as they were before it.
"""

from functools import wraps
from itertools import count
from threading import Lock

from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state import SafeSessionState

_BEGIN = SafeSessionState.on_script_will_rerun
"""What Streamlit calls with the widgets of a click: it calls back those that changed."""

_MAKE = ScriptRequests.__init__
"""What makes the requests of a thread, in the order of the clicks."""

_RANKS = count(1)
_LAST = "last-click"
_FIRST = Lock()


class _Turn:
    """In a session: whose turn it is to call back, and the rank of the last who did."""

    def __init__(self) -> None:
        self.lock, self.rank = Lock(), 0


def answer_whole() -> None:
    """Let the callbacks of every session go to their end, in order; the next click comes after."""
    SafeSessionState.on_script_will_rerun = _to_the_end
    ScriptRequests.__init__ = _ranked


@wraps(_MAKE)
def _ranked(self: ScriptRequests) -> None:
    _MAKE(self)
    self.rank = next(_RANKS)


def _turn(state: SafeSessionState) -> _Turn:
    inner = state._state  # the wrapper is the thread's own, and looks for clicks
    with _FIRST:
        if _LAST not in inner:
            inner[_LAST] = _Turn()
        return inner[_LAST]


@wraps(_BEGIN)
def _to_the_end(self: SafeSessionState, *args: object, **kwargs: object) -> None:
    requests, turn = get_script_run_ctx().script_requests, _turn(self)
    with turn.lock:
        if requests.rank < turn.rank:
            # a later click was answered: it said every value again, but no press of a button
            raise StopException
        turn.rank = requests.rank
        # of this run alone: what is asked meanwhile stays asked
        requests.on_scriptrunner_yield = lambda: None
        try:
            _BEGIN(self, *args, **kwargs)
        finally:
            del requests.on_scriptrunner_yield
