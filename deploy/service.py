"""The whole service on one machine: nginx on a port, several processes of the atlas behind it.

``deploy/start --port 8080 --processes 2`` checks what it needs, says in one sentence what is
missing (exit code 2), else starts, says « prêt » and goes on: a process that ends is started again,
SIGHUP starts them again one after the other, SIGTERM or Ctrl+C ends all.
"""

import argparse
import contextlib
import json
import os
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).parent
SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"
SHORTEST = 32
FILES = 4096
"""Open files that a process may need: each visitor holds one, each export several."""

PATIENCE = 120
"""Seconds that a process may take to answer."""

REST = 3
"""Seconds before one of several processes is started again, as in ``villeactive@.service``.

First the others take its visitors, with all the cores.
"""


class UnfitError(Exception):
    """What keeps the service from starting, as one French sentence."""


def say(what: str, **more: object) -> None:
    """Log one line of JSON: when, what; never who."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    print(json.dumps({"at": at, "what": what, **more}, ensure_ascii=False), flush=True)


def site(ports: Sequence[int], *, listen: str, name: str, log: str, root: str) -> str:
    """Return what nginx is told of the atlas."""
    # max_fails=0: a process that was away is asked as any other as soon as it listens. Else nginx
    # lets through one request at a time until it has answered, and gives the others to another.
    server = "    server 127.0.0.1:{} max_fails=0{};".format
    upstreams = (
        "\n".join([
            f"upstream villeactive_{port} {{", server(port, ""),
            *(server(other, " backup") for other in ports if other != port), "}",
        ])
        for port in ports
    )  # fmt: skip
    text = (HERE / "site.conf").read_text(encoding="utf-8")
    values = {
        "processes": "\n".join(f"    {port} villeactive_{port};" for port in ports),
        "servers": "\n".join(server(port, "") for port in ports),
        "upstreams": "\n".join(upstreams),
        "listen": listen, "name": name, "log": log, "root": root,
    }  # fmt: skip
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


@dataclass
class Atlas:
    """One process of the atlas."""

    port: int
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen | None = field(default=None)
    ended: float | None = field(default=None)
    """When it was found ended (clock of ``time.monotonic``)."""

    def start(self) -> None:
        """Start, or start again."""
        command = [
            sys.executable, "-m", "streamlit", "run", "app.py",
            "--server.port", f"{self.port}", "--server.address", "127.0.0.1",
            "--server.headless", "true",
        ]  # fmt: skip
        with (self.folder / f"atlas-{self.port}.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self.ended = None
        say("atlas started", port=self.port, process=self.process.pid)

    def wait(self) -> None:
        """Wait until it answers.

        Raises
        ------
        UnfitError
            It ended, or said nothing in time.
        """
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit and self.process.poll() is None:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=2),
            ):
                return
            time.sleep(0.05)
        log = self.folder / f"atlas-{self.port}.log"
        raise UnfitError(f"un processus de l’atlas ne répond pas ; lisez {log}.")

    def rested(self, seconds: float) -> bool:
        """Say whether it ended, and so long ago; log once that it ended."""
        if self.process.poll() is None:
            return False
        if self.ended is None:
            say("atlas ended", port=self.port, code=self.process.returncode)
            self.ended = time.monotonic()
        return time.monotonic() - self.ended >= seconds

    def stop(self) -> None:
        """End in order: open pages find another process."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()


def free(port: int) -> None:
    """Refuse a port that cannot be listened to.

    Raises
    ------
    UnfitError
        It is taken, or closed to this user.
    """
    try:
        with socket.create_server(("127.0.0.1", port)):
            pass
    except (OSError, OverflowError):
        raise UnfitError(f"port {port} : déjà pris, ou refusé ; choisissez-en un autre.") from None


def cookie_secret(folder: Path) -> str:
    """Return the secret that all processes share: given, else drawn once and kept in the folder.

    Raises
    ------
    UnfitError
        It is too short.
    """
    given = os.environ.get(SECRET, "")
    kept = folder / "cookie-secret"
    if not given and not kept.exists():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w") as stream:
            stream.write(secrets.token_hex(32))
    found = given or kept.read_text(encoding="utf-8").strip()
    if len(found) < SHORTEST:
        where = SECRET if given else kept
        raise UnfitError(
            f"{where} : ce secret a moins de {SHORTEST} caractères ; tirez-en un autre."
        )
    return found


def open_files() -> None:
    """Let each process open as many files as the system allows.

    Raises
    ------
    UnfitError
        That is too few.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if most < FILES:
        raise UnfitError(f"ulimit -n : {most} fichiers ouverts au plus, il en faut {FILES}.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def check() -> None:
    """Refuse data that is not whole, a store that cannot be used, a sign-in without its parts.

    Raises
    ------
    UnfitError
        The sentence of ``python -m villeactive ready``, or of the sign-in.
    """
    told = subprocess.run(
        [sys.executable, "-m", "villeactive", "ready"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise UnfitError(
            told.stderr.strip().removeprefix("villeactive : ") or "l’atlas ne démarre pas."
        )
    asked = (
        "from streamlit.auth_util import get_secrets_auth_section as asked, is_authlib_installed; "
        "print(bool(asked()) and not is_authlib_installed())"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.stdout.strip().endswith("True"):
        raise UnfitError(
            "[auth] est dans les secrets, et Authlib manque ; installez-le par « pip install -c "
            "constraints.txt -r requirements-signin.txt »."
        )


def nginx() -> str:
    """Return the path of nginx.

    Raises
    ------
    UnfitError
        It is not installed.
    """
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise UnfitError("nginx manque ; installez le paquet Debian « nginx-light ».")
    return found


class Service:
    """nginx and the processes of the atlas."""

    def __init__(self, *, port: int, processes: int, folder: Path, name: str, first: int) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder, self.port = folder, port
        open_files()
        program = nginx()
        ports = [first + rank for rank in range(processes)]
        for one in (port, *ports):
            free(one)
        environment = {
            **os.environ,
            SECRET: cookie_secret(folder),
            "VILLEACTIVE_PUBLIC": "1",
            "STREAMLIT_SERVER_ALLOWED_HOSTS": " ".join(["127.0.0.1", "localhost", *name.split()]),
        }
        check()
        self.atlases = [Atlas(one, folder, environment) for one in ports]
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            (HERE / "nginx.conf").read_text(encoding="utf-8").replace("@user@", user), "utf-8"
        )
        listen = f"{'127.0.0.1:' if not name else ''}{port}"
        made = site(
            ports, listen=listen, name=name or "_", log=f"{folder}/access.log", root=f"{HERE}"
        )
        (folder / "site.conf").write_text(made, "utf-8")
        self._nginx = [program, "-p", f"{folder}", "-c", "nginx.conf", "-e", "errors.log"]
        tried = subprocess.run([*self._nginx, "-t"], capture_output=True, text=True, check=False)
        if tried.returncode:
            raise UnfitError(
                f"nginx refuse {folder}/site.conf : {tried.stderr.strip().splitlines()[0]}"
            )
        self.front: subprocess.Popen | None = None
        self._rest = REST if processes > 1 else 0
        self._ends, self._renews = False, False

    def run(self) -> None:
        """Start all, keep all running, end all."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        signal.signal(signal.SIGHUP, self._renew)
        try:
            for one in self.atlases:
                one.start()
            for one in self.atlases:
                one.wait()
            self.front = subprocess.Popen([*self._nginx, "-g", "daemon off;"])
            self._listens()
            say("ready", processes=len(self.atlases))
            while not self._ends:
                self._look()
                time.sleep(0.2)
        finally:
            self._stop()

    def _listens(self) -> None:
        """Wait until nginx takes visitors."""
        while self.front.poll() is None:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), timeout=2),
            ):
                return
            time.sleep(0.02)

    def _look(self) -> None:
        """Start again what ended; start all again, one by one, where asked."""
        for one in self.atlases:
            if one.rested(self._rest):
                one.start()
        if self.front.poll() is not None:
            raise UnfitError(f"nginx s’est arrêté ; lisez {self.folder}/errors.log.")
        if self._renews:
            self._renews = False
            for one in self.atlases:
                one.stop()
                time.sleep(self._rest)
                one.start()
                one.wait()
                time.sleep(self._rest)  # what it reads after its start, before it takes visitors
            say("renewed")

    def _stop(self) -> None:
        if self.front and self.front.poll() is None:
            self.front.terminate()
            self.front.wait()
        for one in self.atlases:
            one.stop()
        say("ended")

    def _end(self, *_: object) -> None:
        self._ends = True

    def _renew(self, *_: object) -> None:
        self._renews = True


def main() -> int:
    """Run the service; 0 once it is ended, 2 where it cannot start or go on."""
    parser = argparse.ArgumentParser(prog="deploy/start", description="Ville active, en service.")
    parser.add_argument("--port", type=int, default=8080, help="port de nginx")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--first", type=int, default=8501, help="premier port des processus")
    parser.add_argument("--host", default="", help="nom public ; sans lui, la machine seule")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "service")
    parser.add_argument(
        "--site", action="store_true", help="dire le site pour nginx, sans démarrer"
    )
    asked = parser.parse_args()
    ports = [asked.first + rank for rank in range(asked.processes)]
    if asked.site:
        log = "/var/log/nginx/villeactive.log"
        print(site(ports, listen=f"{asked.port}", name=asked.host or "_", log=log, root=f"{HERE}"))
        return 0
    try:
        Service(
            port=asked.port,
            processes=asked.processes,
            folder=asked.folder.resolve(),
            name=asked.host,
            first=asked.first,
        ).run()
    except UnfitError as error:
        print(f"villeactive : {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
