"""What one process publishes, the others see: a look at the store, once in a while."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.kills import brought
from benchmarks.postgres import programs, server
from tests.kept_table import with_table
from villeactive.atlas import read_atlas
from villeactive.errors import StoreError
from villeactive.store.database import Store, store
from villeactive.store.location import VARIABLE
from villeactive.ui import shared

ROOT = Path(__file__).resolve().parents[1]
LONG = 3600.0
SERVER = f"""
import sys
from villeactive.atlas import read_atlas
from villeactive.errors import StoreError

for line in sys.stdin:
    wanted = line.strip()
    while ("appel" in read_atlas(within={shared.LOOK}).collections) != (wanted == "there"):
        pass
    print(wanted, flush=True)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, monkeypatch) -> str:
    where = (
        f"sqlite:///{tmp_path / 'c.sqlite'}"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres").base()
    )
    monkeypatch.setenv(VARIABLE, where)
    return where


def other_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"from villeactive.store.database import store\n{code}"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_a_look_is_taken_once_in_a_while_and_what_one_writes_shows_at_once(url):
    kept_in = store()
    assert kept_in.recent(within=LONG) == ""
    kept_in.write(brought("un", 0, 1), digest="0", file="f")
    first = kept_in.recent(within=LONG)
    assert first == kept_in.revision()
    second = other_process("store().remove('un'); print(store().revision())")
    assert kept_in.recent(within=LONG) == first
    assert kept_in.recent(within=0) == second
    assert Store(url).recent(within=LONG) == second
    kept_in.write(brought("un", 0, 1), digest="0", file="f")
    assert kept_in.recent(within=LONG) not in {first, second}


def test_a_server_shows_what_another_process_publishes(url, tmp_path, monkeypatch):
    """The server is a program of its own that only looks at the store as pages do."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:  # fmt: skip

        def seen(what: str) -> None:
            server.stdin.write(f"{what}\n")
            server.stdin.flush()
            assert server.stdout.readline() == f"{what}\n"

        seen("gone")
        with_table("Titre;Code INSEE\nHalle;62498\n", tmp_path, monkeypatch, url)
        seen("there")
        assert "appel" in read_atlas(within=LONG).collections
        store().remove("appel")
        seen("gone")
        server.stdin.close()
        assert server.wait() == 0


@pytest.mark.skipif(programs() is None, reason="PostgreSQL n’est pas installé")
def test_pages_show_the_last_atlas_while_the_server_is_away(tmp_path, monkeypatch):
    monkeypatch.setattr(shared, "LOOK", 0.0)
    monkeypatch.setattr(shared, "RETRY", 0.0)
    with server() as own:
        url = own.base()
        with_table("Titre;Code INSEE\nHalle;62498\n", tmp_path, monkeypatch, url)
        assert "appel" in shared.shared_atlas().collections
        own.kill()
        assert "appel" in shared.shared_atlas().collections
        with pytest.raises(StoreError, match="le serveur ne répond pas"):
            store().listed()
        own.start()
        other_process("store().remove('appel')")
        assert "appel" not in shared.shared_atlas().collections
        own.kill()
        monkeypatch.setenv(VARIABLE, f"{url}autre")
        with pytest.raises(StoreError, match="le serveur ne répond pas"):
            shared.shared_atlas()
        own.start()
