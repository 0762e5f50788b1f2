"""The whole service as ``deploy/start`` runs it: nginx and several processes of the atlas."""

import json
import os
import subprocess
from pathlib import Path

from benchmarks.ports import free_port
from benchmarks.server import ROOT, Serving, children, cpu_s
from villeactive.store.location import VARIABLE


class Service:
    """A service that runs, and what it says, line by line.

    Attributes
    ----------
    address
        ``http://host:port`` of nginx.
    pids
        Where each process of the atlas listens → its number.
    """

    def __init__(self, folder: Path, store: str, *, processes: int = 2) -> None:
        self.folder, self.store = folder, store
        port, first = free_port(), free_port(processes)
        self.address = f"http://127.0.0.1:{port}"
        words = ["--port", port, "--first", first, "--processes", processes, "--folder", folder]
        self.process = subprocess.Popen(
            [ROOT / "deploy" / "start", *map(str, words)],
            env={**os.environ, VARIABLE: store}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.pids: dict[str, int] = {}
        self.until("ready")

    def until(self, what: str) -> dict:
        """Read what it says until it says this."""
        for line in self.process.stdout:
            said = json.loads(line)
            if said["what"] == "atlas started":
                self.pids[f"127.0.0.1:{said['port']}"] = said["process"]
            if said["what"] == what:
                return said
        raise AssertionError(self.process.wait())

    def end(self) -> int:
        """End it in order; give its exit code."""
        with self.process.stdout:
            self.process.terminate()
            self.until("ended")
            return self.process.wait()

    def processes(self) -> list[Serving]:
        """Give the processes of the atlas, each at its own address."""
        return [Serving(pid, f"http://{where}") for where, pid in self.pids.items()]

    def nginx_cpu_s(self) -> float:
        """Give the processor time that those who work for nginx spent so far, seconds."""
        first = (self.folder / "nginx.pid").read_text(encoding="ascii").strip()
        return sum(map(cpu_s, children(int(first))))
