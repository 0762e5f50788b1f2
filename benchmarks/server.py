"""A process that serves pages: its address, its processor time, its memory; one on a free port."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Self

from benchmarks.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60
_PAGE = os.sysconf("SC_PAGE_SIZE")
# as on a reader's machine, Python keeps what it has compiled from one start to the next
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": str(ROOT)
}


def cpu_s(pid: int) -> float:
    """Give the processor time that a process spent so far, all threads, ended ones too, seconds."""
    # the clock of another process: clock_getcpuclockid(3), to the nanosecond
    return time.clock_gettime(~pid << 3 | 2)


def children(pid: int) -> list[int]:
    """Return the processes that a process began, whichever thread did, and that are there."""
    each = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for said in each for one in said.read_text(encoding="ascii").split()]


def busy_s() -> float:
    """Give the processor time that the whole machine spent so far, seconds."""
    first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    user, nice, system, _, _, *interrupts = map(int, first.split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


class Serving:
    """A process that serves pages at an address; Linux only."""

    def __init__(self, pid: int, address: str) -> None:
        self.pid, self.address = pid, address

    def cpu_s(self) -> float:
        """Give the processor time spent so far, seconds."""
        return cpu_s(self.pid)

    def memory_mb(self) -> float:
        """Give the resident memory, MB."""
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * _PAGE / 1e6

    def wait(self) -> Self:
        """Wait until the server answers.

        Raises
        ------
        RuntimeError
            It said nothing in time.
        """
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1):
                    return self
            except OSError:
                time.sleep(0.02)
        msg = "streamlit ne répond pas"
        raise RuntimeError(msg)


class Server(Serving):
    """A page served by its own process, with the settings of the repository.

    Parameters
    ----------
    script
        Path of the page from the repository's root.
    environment
        Variables besides.
    """

    def __init__(self, script: str, **environment: str) -> None:
        port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(ROOT / script),
             "--server.port", str(port), "--server.headless", "true"],
            cwd=ROOT,
            env=_ENVIRONMENT | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        super().__init__(self.process.pid, f"http://127.0.0.1:{port}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
