"""What is done beside the runs of the pages."""

from collections.abc import Callable
from threading import Timer

REST = 6.0
"""Seconds left to a first reader before a server makes what those who follow will need."""


def later(seconds: float, act: Callable[..., object], *given: object) -> None:
    """Do something in a thread of its own, in so many seconds; it stops with the server."""
    waiting = Timer(seconds, act, given)
    waiting.daemon = True
    waiting.start()
