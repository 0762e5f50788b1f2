"""Ports for the servers that benchmarks and tests start."""

import os
import socket
from itertools import count

_LOWEST, _SPAN, _STEP = 11_000, 20_000, 97
_PORTS = count(_LOWEST + os.getpid() * _STEP % _SPAN)
"""Below those that the system lends to outgoing connections (32 768 and more), one of which could
take a port between this look and the start of a server; apart from one process to the next."""


def free_port(number: int = 1) -> int:
    """Return the first of so many ports in a row that nobody holds on loopback."""
    found: list[int] = []
    while len(found) < number:
        port = next(_PORTS)
        with socket.socket() as probe:
            found = [*found, port] if probe.connect_ex(("127.0.0.1", port)) else []
    return found[0]
