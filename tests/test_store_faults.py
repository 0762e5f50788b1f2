"""The store when something goes wrong: killed, locked, full, foreign, newer; data intact."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kills import brought, run
from villeactive.errors import StoreError
from villeactive.store import engine
from villeactive.store.database import Store, store
from villeactive.store.location import VARIABLE
from villeactive.store.records import Kept
from villeactive.store.tables import HEAD

ROOT = Path(__file__).resolve().parents[1]
NOBODY = 65534
ENGINES = ["sqlite", "postgresql"]
LATER = f"{int(HEAD) + 1:04}"


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "collections.sqlite"


@pytest.fixture(params=ENGINES)
def url(request, file) -> str:
    """Give the address of a database of its own, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{file}"
    return request.getfixturevalue("postgres").base()


def opened(file: Path, *, timeout: int = 10) -> Store:
    return Store(f"sqlite:///{file}?timeout={timeout}")


def filled(file: Path, records: int = 3) -> Store:
    kept_in = opened(file)
    kept_in.write(brought("essai", 0, records), digest="0", file="essai.csv")
    return kept_in


def more(kept_in: Store, records: int = 3) -> None:
    kept_in.write(brought("essai", 1, records), digest="1", file="essai.csv")


def everything(kept_in: Store) -> list[Kept]:
    return [kept_in.read(one.id) for one in kept_in.listed()]


def refusal(act) -> str:
    """Give the sentence of a refusal: one, in French, that names no library."""
    with pytest.raises(StoreError) as told:
        act()
    said = str(told.value)
    assert said.endswith(".")
    assert said.count(". ") == 0
    assert not any(word in said.lower() for word in ("sqlalchemy", "error", "errno", "database"))
    return said


def python(code: str, *arguments: object, path: Path = ROOT) -> str:
    """Run some lines in a new interpreter, and give what they print."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def held(file: Path) -> Iterator[sqlite3.Connection]:
    """Hold a database as another program that writes does."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.rollback()


def test_killed_importers_leave_whole_imports(url):
    """One during each of the first three imports; ``benchmarks/kills.py`` kills sixty."""
    tally = run(url, kills=3, records=500)
    assert tally.kills == 3
    assert tally.committed >= tally.acknowledged > 0
    assert tally.faults == 0, tally


def test_two_programs_of_two_threads_lose_no_change(url):
    code = """
        import sys, threading
        from dataclasses import replace
        from villeactive.errors import StoreConflictError
        from villeactive.store.database import Store

        kept_in = Store(sys.argv[1])

        def add(who):
            for turn in range(3):
                done = False
                while not done:
                    now = kept_in.read("essai")
                    more = replace(now, decisions={"n": now.decisions.get("n", 0) + 1})
                    try:
                        kept_in.write(more, digest=f"{who} {turn}", file="f", expected=now.revision)
                        done = True
                    except StoreConflictError:
                        pass

        print("prêt", flush=True)
        sys.stdin.readline()
        threads = [threading.Thread(target=add, args=(f"{sys.argv[2]} {n}",)) for n in "ab"]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """
    kept_in = Store(url)
    kept_in.write(brought("essai", 0, 3), digest="0", file="essai.csv")
    command = [sys.executable, "-c", textwrap.dedent(code), url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    writers = [subprocess.Popen([*command, who], cwd=ROOT, **pipes) for who in ("un", "deux")]
    for writer in writers:
        writer.stdout.readline()
    for writer in writers:
        writer.stdin.write(b"\n")
        writer.stdin.flush()
    assert [writer.communicate()[1] for writer in writers] == [b"", b""]
    assert kept_in.read("essai").decisions == {"n": 12}
    assert kept_in.read("essai").revision == 13
    assert len({one.digest for one in kept_in.history("essai")}) == 13


def test_a_store_may_be_shared_with_a_fork(url):
    code = """
        import os, sys
        from benchmarks.kills import brought
        from villeactive.store.database import Store

        kept_in = Store(sys.argv[1])
        kept_in.write(brought("un", 0, 5), digest="0", file="f")
        child = os.fork()
        kept_in.write(brought("deux" if child else "trois", 0, 5), digest="0", file="f")
        if child:
            assert os.waitpid(child, 0)[1] == 0
            print([(one.id, one.projects) for one in kept_in.listed()])
    """
    assert python(code, url) == "[('deux', 5), ('trois', 5), ('un', 5)]\n"


def test_reading_goes_on_while_another_program_writes(file):
    kept_in = filled(file)
    with held(file) as other:
        other.execute("DELETE FROM project")
        assert len(kept_in.read("essai").records) == 3


def test_what_is_locked_for_too_long_is_told(file):
    filled(file)
    with held(file):
        said = refusal(lambda: more(opened(file, timeout=0)))
    assert str(file) in said
    assert "un autre programme la tient" in said
    assert opened(file).read("essai").revision == 1
    more(opened(file))


def test_a_full_disk_is_told(file):
    """The system refuses any file longer than what is asked, as a disk without room does."""
    kept_in = filled(file)
    code = """
        import resource, sys
        from benchmarks.kills import brought
        from villeactive.errors import StoreError
        from villeactive.store.database import Store

        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        try:
            Store(sys.argv[1]).write(brought("essai", 1, 5000), digest="1", file="f")
        except StoreError as error:
            print(error)
    """
    said = python(code, f"sqlite:///{file}")
    assert str(file) in said
    assert "disque" in said
    assert kept_in.read("essai").records == brought("essai", 0, 3).records
    more(kept_in)


CLOSED = {
    # folder, file (None: none yet) → what reading says, what writing says
    (0o755, None): ("0", "accès refusé"),
    (0o777, 0o644): ("1", "en lecture seule"),
    (0o755, 0o644): ("en lecture seule", "en lecture seule"),
    (0o755, 0o600): ("vérifiez le dossier et ses droits", "vérifiez le dossier et ses droits"),
    (0o700, 0o644): ("accès refusé", "accès refusé"),
}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="seul root change d’identité")
def test_a_folder_or_a_file_that_is_closed_is_told():
    code = f"""
        import os, sys
        import villeactive.store.writing
        from benchmarks.kills import brought
        from villeactive.errors import StoreError
        from villeactive.store.database import Store

        os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})
        for url in sys.argv[1:]:
            for act in (
                lambda kept_in: print(len(kept_in.listed())),
                lambda kept_in: kept_in.write(brought("autre", 0, 1), digest="0", file="f"),
            ):
                try:
                    act(Store(url))
                except StoreError as error:
                    print(error)
    """
    with contextlib.ExitStack() as stack:
        files = []
        for folder_mode, file_mode in CLOSED:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            files.append(folder / "collections.sqlite")
            if file_mode is not None:
                filled(files[-1])
                files[-1].chmod(file_mode)
            folder.chmod(folder_mode)
        said = iter(python(code, *(f"sqlite:///{file}" for file in files)).splitlines())
        for file, ((_, file_mode), (read, written)) in zip(files, CLOSED.items(), strict=True):
            for words, sentence in ((read, next(said)), (written, next(said))):
                assert words in sentence
                assert str(file) in sentence or sentence == words
            assert [one.id for one in opened(file).listed()] == ["essai"] * (file_mode is not None)


def text(file: Path) -> None:
    file.write_text("Ceci n’est pas une base.\n" * 400, encoding="utf-8")


def other_database(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE project (id TEXT)")


def damaged(file: Path) -> None:
    filled(file, 300)
    with file.open("r+b") as stream:
        stream.seek(3 * 4096)
        stream.write(b"\xff" * (file.stat().st_size - 3 * 4096))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (text, "n’est pas une base de collections"),
        (other_database, "tient autre chose"),
        (damaged, "abîmé"),
        (Path.mkdir, "c’est un dossier"),
        (os.mkfifo, "ce n’est pas un fichier ordinaire"),
    ],
)
def test_what_is_no_store_is_told_and_left_as_it_is(file, make, words):
    make(file)
    before = file.read_bytes() if file.is_file() else None
    kept_in = opened(file)
    for act in (kept_in.listed, lambda: kept_in.read("essai"), lambda: more(kept_in)):
        said = refusal(act)
        assert str(file) in said
        assert words in said
    assert before == (file.read_bytes() if file.is_file() else None)


def test_an_empty_file_is_a_store_to_come(file):
    file.touch()
    assert (opened(file).revision(), opened(file).listed()) == ("", [])
    assert filled(file).read("essai").revision == 1


def test_a_missing_folder_is_told(tmp_path):
    missing = tmp_path / "absent" / "aussi" / "collections.sqlite"
    assert "n’existe pas" in refusal(lambda: more(opened(missing)))
    under = tmp_path / "fichier"
    under.touch()
    assert "un fichier porte déjà ce nom" in refusal(lambda: more(opened(under / "c.sqlite")))
    assert list(tmp_path.iterdir()) == [under]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "collections.sqlite",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file:c?mode=memory&uri=true",
        "sqlite:///c.sqlite?mode=ro",
        "mysql://lea:motdepasse@hote/base",
        "postgresql://lea:motdepasse@hote:port/base",
        "postgresql:/lea:motdepasse@hote/base",
        "postgresql://lea:mot de passe motdepasse@hote/base?password=motdepasse",
    ],
)
def test_an_address_of_nothing_is_told(url):
    said = refusal(lambda: Store(url))
    assert VARIABLE in said
    assert "attendu : sqlite:////" in said
    assert "motdepasse" not in said


def test_a_server_that_cannot_be_reached_is_told_without_its_password():
    url = "postgresql://lea:motdepasse@localhost:1/base?password=motdepasse&connect_timeout=2"
    said = refusal(Store(url).listed)
    assert "postgresql://localhost:1/base" in said
    assert "motdepasse" not in said


def test_the_file_is_for_its_owner_alone(tmp_path):
    file = tmp_path / "dossier" / "collections.sqlite"
    filled(file)
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_odd_names_of_files(tmp_path):
    for name in ("à 100 % #1.sqlite", "'quote' \"deux\" &.sqlite", "c;.sqlite"):
        filled(tmp_path / name)
        assert (tmp_path / name).is_file()
    assert len(list(tmp_path.iterdir())) == 3


def test_a_home_is_found_and_one_of_nobody_is_a_missing_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    more(Store("sqlite:///~/collections.sqlite"))
    assert (tmp_path / "collections.sqlite").is_file()
    monkeypatch.chdir(tmp_path)
    assert "n’existe pas" in refusal(lambda: more(Store("sqlite:///~personne/d/c.sqlite")))


def test_the_default_is_in_the_data_folder_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "loin" / "share"))
    monkeypatch.delenv(VARIABLE, raising=False)
    assert store().listed() == []
    assert list(tmp_path.iterdir()) == []
    more(store())
    assert [path.name for path in tmp_path.rglob("*.sqlite")] == ["collections.sqlite"]
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path}/autre.sqlite")
    assert store().listed() == []
    more(store())
    assert (tmp_path / "autre.sqlite").is_file()


@pytest.fixture
def later(tmp_path) -> Path:
    """Give the folder of a later version of the program, installed apart: one migration more."""
    folder = tmp_path / "à 100 % plus tard"
    package = folder / "villeactive"
    shutil.copytree(ROOT / "villeactive" / "store", package / "store")
    for name in ("__init__.py", "errors.py", "text.py"):
        shutil.copy(ROOT / "villeactive" / name, package)
    shutil.copytree(ROOT / "benchmarks", folder / "benchmarks")
    tables = package / "store" / "tables.py"
    made = tables.read_text(encoding="utf-8").replace(f'HEAD = "{HEAD}"', f'HEAD = "{LATER}"')
    tables.write_text(made, encoding="utf-8")
    return folder


def migrate(folder: Path, *orders: str) -> None:
    lines = [
        "import sqlalchemy as sa",
        "from alembic import op",
        f'revision, down_revision = "{LATER}", "{HEAD}"',
        "def upgrade():",
        *(f"    {order}" for order in orders),
    ]
    versions = folder / "villeactive" / "store" / "migrations" / "versions"
    (versions / f"v{LATER}_later.py").write_text("\n".join(lines), encoding="utf-8")


ADDED = 'op.add_column("collection", sa.Column("note", sa.Text))'
ACT = """
    import sys
    from benchmarks.kills import brought
    from villeactive.errors import StoreError
    from villeactive.store.database import Store

    kept_in = Store(sys.argv[1])
    try:
        {act}
    except StoreError as error:
        print(error)
"""
READ = ACT.format(act='print(len(kept_in.read("essai").records))')
WRITE = ACT.format(act='kept_in.write(brought("un", 0, 1), digest="0", file="f")')


def test_a_later_version_brings_the_tables_up_to_date_and_an_older_one_refuses_them(file, later):
    kept_in = filled(file)
    migrate(later, ADDED)
    assert python(READ, f"sqlite:///{file}", path=later) == "3\n"
    before = file.read_bytes()
    for act in (kept_in.listed, kept_in.revision, lambda: more(kept_in)):
        said = refusal(act)
        assert str(file) in said
        assert "plus récente" in said
    assert file.read_bytes() == before


def test_a_migration_that_fails_changes_nothing(file, later):
    kept_in = filled(file)
    migrate(later, ADDED, 'op.drop_column("collection", "absent")', 'op.drop_table("absent")')
    assert str(file) in python(READ, f"sqlite:///{file}", path=later)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(collection)")]
    assert columns == ["id", "head", "mapping", "decisions"]
    more(kept_in)


@pytest.mark.parametrize("missing", ["migrations", "migrations/versions/v0002_layers.py"])
def test_a_program_without_its_migrations_says_so(file, later, missing):
    path = later / "villeactive" / "store" / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    said = python(WRITE, f"sqlite:///{file}", path=later)
    assert "migrations manquent" in said
    assert filled(file).read("essai").revision == 1


def test_the_last_migration_is_the_one_that_the_program_knows():
    names = sorted(
        path.name for path in (Path(engine.__file__).parent / "migrations").rglob("v*.py")
    )
    assert names[-1].startswith(f"v{engine.HEAD}_")
