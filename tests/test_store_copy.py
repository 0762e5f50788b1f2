"""A store copied whole, from a file to a server and back; a store looked at."""

import pytest

from benchmarks.kills import brought
from tests.test_store_faults import everything, refusal
from villeactive.cli import main
from villeactive.store.database import Store
from villeactive.store.location import VARIABLE


@pytest.fixture
def file(tmp_path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'un.sqlite'}")


def filled(kept_in: Store, records: int = 30) -> Store:
    for name in ("essai", "autre"):
        for version in range(3):
            kept_in.write(
                brought(name, version, records - version), digest=f"{version}", file="f", who="Léa"
            )
    kept_in.undo("autre")
    kept_in.write(brought("parti", 0, 2), digest="0", file="f")
    kept_in.remove("parti")
    return kept_in


def same(one: Store, other: Store) -> bool:
    """Tell whether two stores keep the same, and would undo the same."""
    told = [
        (
            everything(kept_in),
            kept_in.listed(),
            {name: kept_in.history(name) for name in ("essai", "autre", "parti")},
        )
        for kept_in in (one, other)
    ]
    return told[0] == told[1]


def test_from_a_file_to_a_server_and_back(file, postgres, tmp_path):
    server, back = Store(postgres.base()), Store(f"sqlite:///{tmp_path / 'deux.sqlite'}")
    filled(file, 1200)
    counts = file.copy_to(server)
    assert (counts["collection"], counts["import"], counts["project"]) == (2, 5, 2397)
    assert same(file, server)
    assert server.copy_to(back) == counts
    assert same(file, back)
    assert len({file.revision(), server.revision(), back.revision()}) == 3
    for kept_in in (file, server, back):
        kept_in.undo("essai")
        assert kept_in.write(brought("parti", 0, 2), digest="0", file="f").revision == 3
    assert [one.records for one in everything(file)] == [one.records for one in everything(back)]
    assert [one.records for one in everything(file)] == [one.records for one in everything(server)]


def test_a_target_that_keeps_something_is_left_as_it_is(file, tmp_path):
    target = Store(f"sqlite:///{tmp_path / 'deux.sqlite'}")
    target.write(brought("gardee", 0, 2), digest="0", file="f")
    before = everything(target), target.revision()
    filled(file)
    assert "elle n’est pas vide" in refusal(lambda: file.copy_to(target))
    assert "elle n’est pas vide" in refusal(lambda: file.copy_to(file))
    assert (everything(target), target.revision()) == before


def test_nothing_to_copy_is_told_and_makes_no_file(file, tmp_path):
    assert "rien n’y est gardé" in refusal(
        lambda: file.copy_to(Store(f"sqlite:///{tmp_path / 'deux.sqlite'}"))
    )
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_breaks_off_leaves_nothing(file, postgres):
    """The server refuses the last table: nothing of those before is there."""
    filled(file)
    url = postgres.base()
    Store(url).write(brought("essai", 0, 1), digest="0", file="f")
    base = url.rpartition("/")[2]
    postgres.ask(
        "TRUNCATE collection, collection_revision CASCADE; "
        "ALTER TABLE project_version ADD CHECK (number < 2)", base,
    )  # fmt: skip
    assert "SQLSTATE 23514" in refusal(lambda: file.copy_to(Store(url)))
    assert everything(Store(url)) == []
    assert postgres.ask("SELECT count(*) FROM project", base) == "0"


def test_the_commands_say_what_they_did(file, postgres, tmp_path, monkeypatch, capsys):
    url = postgres.base()
    filled(file, 520)
    assert main(["store", "copy", f"sqlite:///{tmp_path / 'un.sqlite'}", url]) == 0
    said = capsys.readouterr().out
    assert "2 collections, 5 imports, 1\u202f037 projets" in said
    assert "essai@" not in said
    monkeypatch.setenv(VARIABLE, url)
    before = Store(url).revision()
    assert main(["store", "check"]) == 0
    assert "lisible et inscriptible, migration 0002, 2 collections" in capsys.readouterr().out
    assert Store(url).revision() == before
    postgres.ask(f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on")
    assert main(["store", "check"]) == 2
    assert "lecture seule" in capsys.readouterr().err
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'absent.sqlite'}")
    assert main(["store", "check"]) == 0
    assert not (tmp_path / "absent.sqlite").exists()
