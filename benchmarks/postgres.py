"""A PostgreSQL server of one's own, on loopback, from Debian's packages: made, killed, gone."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Thread

from benchmarks.ports import free_port
from benchmarks.server import children

_NAMES = count(1)
_USER = "postgres"
_PASSWORD = "essai"
_TEMPLATE = "modele"
_ROLE = "atlas"


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@dataclass
class Server:
    """A server that runs, on a port of its own; ``process`` is its first one."""

    folder: Path
    port: int
    process: subprocess.Popen = field(init=False)

    def url(self, base: str, *, role: str = _ROLE) -> str:
        """Return the address of a database, for the role that keeps collections."""
        return f"postgresql://{role}:{_PASSWORD}@127.0.0.1:{self.port}/{base}"

    def ask(self, question: str, base: str = "postgres") -> str:
        """Return what the superuser is answered, one line per row, values parted by ``|``."""
        command = [programs() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", question]
        address = self.url(base, role=_USER)
        done = subprocess.run([*command, address], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def base(self, *, template: str = _TEMPLATE, more: str = "") -> str:
        """Make a database with PostGIS, owned by the role, and return its address."""
        name = f"base{next(_NAMES)}"
        self.ask(f"CREATE DATABASE {name} OWNER {_ROLE} TEMPLATE {template} {more}")
        return self.url(name)

    def start(self) -> None:
        """Start, or start again after a kill, and wait until it says that it is ready."""
        self.process = subprocess.Popen(
            [
                programs() / "postgres", "-D", self.folder / "data", "-p", f"{self.port}",
                "-k", self.folder, "-h", "127.0.0.1",
            ],
            **_as_owner(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "ready to accept connections" in line:
                self._rest = Thread(target=self.process.stderr.read, daemon=True)
                self._rest.start()
                return
        raise RuntimeError("".join(said))

    def kill(self) -> None:
        """Kill the server and all of its processes at once, and wait until none is left."""
        family = children(self.process.pid)
        self.process.kill()
        for one in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self._ended()
        while any(map(_lives, family)):
            os.sched_yield()

    def stop(self) -> None:
        """Stop at once; connections end."""
        self.process.send_signal(signal.SIGINT)
        self._ended()

    def _ended(self) -> None:
        self.process.wait()
        self._rest.join()
        self.process.stderr.close()


def _as_owner() -> dict[str, object]:
    """Give whom a program of the server runs as: never root."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam(_USER)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@contextlib.contextmanager
def server(*, safe: bool = False) -> Iterator[Server]:
    """Give a server with a template that has PostGIS; it goes with its folder.

    Parameters
    ----------
    safe
        Whether it waits for the disk, as a server that one keeps does; killed programs, unlike a
        power cut, tell nothing of that.
    """
    folder = Path(tempfile.mkdtemp(prefix="villeactive-pg-"))
    made = Server(folder, free_port())
    try:
        (folder / "secret").write_text(_PASSWORD)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_USER)
            for path in (folder, folder / "secret"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        subprocess.run(
            [
                programs() / "initdb", "-D", folder / "data", "-U", _USER, "-A", "scram-sha-256",
                "--pwfile", folder / "secret", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync",
            ],
            **_as_owner(),
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        if not safe:
            with (folder / "data" / "postgresql.conf").open("a") as settings:
                settings.write("fsync = off\nfull_page_writes = off\n")
        made.start()
        try:
            made.ask(f"CREATE ROLE {_ROLE} LOGIN PASSWORD '{_PASSWORD}'")
            made.ask(f"CREATE DATABASE {_TEMPLATE}")
            made.ask("CREATE EXTENSION postgis", _TEMPLATE)
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
