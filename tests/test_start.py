"""What the server does before anybody comes."""

import gc
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from benchmarks.ports import free_port
from tests.shipped import read_atlas
from villeactive.ui import shared, start

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60


@pytest.fixture
def started(tmp_path):
    """Start the atlas as ``make app`` does, with a browser that only notes what it is asked."""
    asked = tmp_path / "asked"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {asked}\n', encoding="ascii")
    browser.chmod(0o755)
    running = []

    def start(*options: str) -> tuple[subprocess.Popen, int, Path]:
        port = free_port()
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, "BROWSER": str(browser)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        return process, port, asked

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


def until(found, process: subprocess.Popen) -> None:
    """Wait until a thing holds; the server must be there all along."""
    limit = time.monotonic() + PATIENCE
    while not found():
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < limit
        time.sleep(0.1)


def frame_of_maps(port: int) -> int:
    """Give what the server answers to who asks for the frame of the maps."""
    asked = f"http://127.0.0.1:{port}/component/streamlit_folium.st_folium/index.html"
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code


def test_the_atlas_is_read_and_its_first_page_run_before_anybody_comes(started):
    process, port, asked = started("--server.headless", "true")
    loaded = Path(f"/proc/{process.pid}/maps")
    until(lambda: "pyarrow" in loaded.read_text(encoding="ascii"), process)  # it reads the communes
    assert not asked.exists()
    assert frame_of_maps(port) == 404  # a run alone has it served
    until(lambda: frame_of_maps(port) == 200, process)
    process.terminate()
    said, _ = process.communicate(timeout=20)
    assert "Traceback" not in said
    assert "missing ScriptRunContext" not in said


def test_the_browser_is_opened_where_the_atlas_answers(started):
    process, port, asked = started("--server.headless", "false")
    until(lambda: asked.exists() and asked.read_text(encoding="ascii").strip(), process)
    assert asked.read_text(encoding="ascii").strip() == f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize("port", ["taken", "99999", "http"])
def test_a_port_that_cannot_serve_is_said_in_one_line(port):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1]) if port == "taken" else port
        bin_ = Path(sys.executable).parent
        command = ["make", "-o", ".venv/app", "app", f"BIN={bin_}", f"PORT={port}"]
        # as typed, not as said by the make that may run the tests
        typed = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        ended = subprocess.run(
            command, cwd=ROOT, env=typed, capture_output=True, text=True, check=False
        )
    said, *of_make = ended.stderr.splitlines()
    assert said == (
        f"Port {port} : déjà pris, ou refusé. Choisissez-en un autre : make app PORT=8600"
    )
    assert all(line.startswith("make") for line in of_make)
    assert (ended.returncode, ended.stdout) == (2, "")


def test_python_collects_again_whatever_became_of_the_loading(monkeypatch):
    during = []

    def at_once(_seconds, act):
        during.append(gc.isenabled())
        with pytest.raises(ModuleNotFoundError):
            act()

    monkeypatch.setattr(start, "later", at_once)
    monkeypatch.setattr(start, "_MODULES", ("villeactive.nowhere",))
    start.warm_up()
    assert during == [False]
    assert gc.isenabled()


class Tried:
    """What a session tries."""


def test_what_the_search_needs_is_spared_by_the_collector_unless_a_session_tries_one():
    atlas, tried = read_atlas(), Tried()
    gc.unfreeze()
    shared.TRIED.add(tried)
    shared._settle(atlas)
    assert gc.get_freeze_count() == 0
    del tried
    shared._settle(atlas)
    spared = gc.get_freeze_count()
    gc.unfreeze()
    assert spared > 10_000
