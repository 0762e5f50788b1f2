"""The store on PostgreSQL when something goes wrong: each refusal is one French sentence."""

import contextlib
import os
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text

from benchmarks.kills import brought, run_server
from benchmarks.postgres import server
from tests.test_store_faults import LATER, ROOT, refusal
from villeactive.store.database import Store
from villeactive.store.location import VARIABLE
from villeactive.store.tables import HEAD


@pytest.fixture
def url(postgres) -> str:
    return postgres.base()


def write(url: str, version: int = 0) -> None:
    Store(url).write(brought("essai", version, 3), digest=f"{version}", file="f")


@contextlib.contextmanager
def connected(url: str):
    made = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with made.begin() as connection:
            yield connection
    finally:
        made.dispose()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("essai@", "faux@", "l’identifiant ou le mot de passe est refusé"),
        ("atlas:", "personne:", "l’identifiant ou le mot de passe est refusé"),
        ("/base", "/absente", "cette base n’existe pas"),
        ("127.0.0.1", "hote.invalid", "le serveur ne répond pas"),
        ("/base", "/base?truc=1&x=", "a une option que PostgreSQL ne connaît pas"),
    ],
)
def test_an_address_that_opens_nothing_is_told(url, before, after, words):
    wrong = url.replace(before, after, 1)
    for act in (Store(wrong).listed, Store(wrong).revision, lambda: write(wrong)):
        said = refusal(act)
        assert words in said
        assert "essai@" not in said
        assert VARIABLE in said


def test_a_server_that_stopped_is_told_and_comes_back():
    with server() as own:
        at = own.base()
        write(at)
        own.kill()
        assert "le serveur ne répond pas" in refusal(Store(at).listed)
        own.start()
        assert len(Store(at).read("essai").records) == 3
        own.ask("ALTER SYSTEM SET max_connections = 5")
        own.ask("ALTER SYSTEM SET superuser_reserved_connections = 1")
        own.ask("ALTER SYSTEM SET max_wal_senders = 0")
        own.kill()
        own.start()
        with contextlib.ExitStack() as held:
            for _ in range(4):
                held.enter_context(connected(at)).execute(text("SELECT 1"))
            assert "trop de connexions" in refusal(Store(at).listed)


def test_a_database_without_postgis_says_what_to_do(postgres):
    bare = postgres.base(template="template0")
    assert (Store(bare).revision(), Store(bare).listed()) == ("", [])
    said = refusal(lambda: write(bare))
    assert "« CREATE EXTENSION postgis »" in said
    postgres.ask("CREATE EXTENSION postgis", bare.rpartition("/")[2])
    write(bare)
    assert Store(bare).read("essai").revision == 1


def test_a_database_of_another_encoding_is_refused(postgres):
    latin = postgres.base(
        template="template0", more="ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    assert "LATIN1, et non en UTF-8" in refusal(lambda: write(latin))


def test_a_role_without_rights_is_told(url, postgres):
    write(url)
    base = url.rpartition("/")[2]
    postgres.ask("CREATE ROLE autre LOGIN PASSWORD 'essai'", base)
    other = postgres.url(base, role="autre")
    assert "ce rôle n’y a pas les droits" in refusal(Store(other).listed)
    postgres.ask(f"ALTER DATABASE {base} SET default_transaction_read_only = on")
    assert "elle est en lecture seule" in refusal(lambda: write(url, 1))
    assert len(Store(url).read("essai").records) == 3


def test_a_server_held_for_too_long_is_told(url):
    write(url)
    with connected(url) as other:
        other.execute(text("SELECT * FROM store FOR UPDATE"))
        hurried = f"{url}?options=-c%20lock_timeout%3D50"
        assert "un autre programme la tient" in refusal(lambda: write(hurried, 1))
        assert Store(url).read("essai").revision == 1
    write(url, 1)


def test_a_store_of_before_gets_its_layers(url, postgres):
    """A store made before there were views gains points and views, and keeps all else."""
    write(url)
    kept, base = Store(url).read("essai"), url.rpartition("/")[2]
    postgres.ask(
        "DROP SCHEMA collections CASCADE; DROP TABLE project_point; "
        "UPDATE store_version SET version_num = '0001'", base,
    )  # fmt: skip
    assert Store(url).read("essai") == kept
    assert postgres.ask("SELECT count(*) FROM collections.essai", base) == "3"
    assert postgres.ask("SELECT version_num FROM store_version", base) == HEAD


def test_a_store_of_a_later_version_is_refused_and_left_as_it_is(url, postgres):
    write(url)
    postgres.ask(f"UPDATE store_version SET version_num = '{LATER}'", url.rpartition("/")[2])
    for act in (Store(url).listed, Store(url).revision, lambda: write(url, 1)):
        assert "plus récente" in refusal(act)


def test_two_programs_make_the_tables_at_once(url):
    code = (
        "import sys; from benchmarks.kills import brought; "
        "from villeactive.store.database import Store; kept_in = Store(sys.argv[1]); "
        "print(flush=True); input(); "
        "kept_in.write(brought(sys.argv[2], 0, 3), digest='0', file='f')"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    programs = [
        subprocess.Popen([sys.executable, "-c", code, url, one], cwd=ROOT, text=True, **pipes)
        for one in ("un", "deux")
    ]
    for one in programs:
        one.stdout.readline()
    for one in programs:
        one.stdin.write("\n")
        one.stdin.flush()
    assert [one.communicate()[1] for one in programs] == ["", ""]
    assert [(one.id, one.projects) for one in Store(url).listed()] == [
        ("deux", 3),
        ("un", 3),
    ]


def test_a_killed_server_loses_nothing_that_was_acknowledged():
    with server(safe=True) as own:
        tally = run_server(own, kills=3, records=200)
    assert tally.kills == 3
    assert tally.committed >= tally.acknowledged > 0
    assert tally.faults == 0, tally


def test_without_the_driver_one_line_says_how_to_get_it(url):
    code = (
        "import sys; sys.modules['psycopg'] = None; "
        "from villeactive.cli import main; sys.exit(main(['collection', 'list']))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, VARIABLE: url},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 2
    assert told.stdout == ""
    assert len(told.stderr.splitlines()) == 1
    assert "requirements-postgresql.txt" in told.stderr
