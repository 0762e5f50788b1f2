"""What is done beside the runs of the pages."""

from collections.abc import Callable
from threading import Timer


def later(seconds: float, act: Callable[..., object], *given: object) -> None:
    """Do something in a thread of its own, in so many seconds; it stops with the server."""
    waiting = Timer(seconds, act, given)
    waiting.daemon = True
    waiting.start()
