"""The store of kept collections: real files, a real server; the same on both."""

import json
import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from benchmarks.kills import ask
from villeactive.errors import StoreConflictError, StoreError
from villeactive.store.database import Store
from villeactive.store.layers import LAYERS
from villeactive.store.records import Change, Import, Kept, Record, cleaned, difference
from villeactive.store.tables import HEAD, METADATA, VERSION_TABLE

ROOT = Path(__file__).resolve().parents[1]
ENGINES = ["sqlite", "postgresql"]
HOSTILE = [
    "' OR 1=1; DROP TABLE project; --",
    '"guillemets" et « français »',
    "%s {0} ${x} {{7*7}} :nom ?",
    '=HYPERLINK("http://exemple.fr")',
    "<script>alert(1)</script>",
    "ligne\r\nligne\ttabulation",
    "👩🏽‍🚒 e\u0301 \u202eenvers \ufeff\x01\x1b[31m",
    "\\u0000 \\x00 \\",
    "x" * 100_000,
    "",
]


def record(name: str, position: int = 0, **data: object) -> Record:
    return Record(name, f"clé de {name}", position, {"title": name, **data}, {"Titre": name})


def collection(*records: Record, name: str = "essai", **said: object) -> Kept:
    head = {"title": {"fr": f"Projets de {name}"}}
    fields = {"head": head, "mapping": {}, "decisions": {}, **said}
    return Kept(name, records={one.id: one for one in records}, **fields)


def write(kept_in: Store, kept: Kept, digest: str, **said: object):
    return kept_in.write(kept, digest=digest, file=f"{digest}.csv", **said)


def test_values_are_given_in_order_of_ids_and_of_places_in_the_file(kept_in):
    ties = [record(name, 1) for name in ("Zoé", "É", "b", "a")]
    write(kept_in, collection(*ties, record("z")), "1")
    write(kept_in, collection(record("autre-a"), name="autre", head={"organisations": ["x"]}), "1")
    told = [(head, list(projects), given) for head, projects, given in kept_in.values()]
    assert [(head, given) for head, _, given in told] == [
        ({}, ["x"]),
        ({"title": {"fr": "Projets de essai"}}, []),
    ]
    # the order of letters is ours, whatever that of the database
    assert [name for name, _ in told[1][1]] == ["z", "Zoé", "a", "b", "É"]
    assert dict(told[1][1]) == {one.id: one.data for one in (*ties, record("z"))}
    assert [head for head, _, _ in kept_in.values(but="autre")] == [told[1][0]]


def same(kept: Kept | None) -> Kept | None:
    """Give a collection but for its revision, which never falls."""
    return kept and replace(kept, revision=0)


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "dossier" / "collections.sqlite"


@pytest.fixture
def in_file(file) -> Store:
    return Store(f"sqlite:///{file}")


@pytest.fixture(params=ENGINES)
def url(request, file) -> str:
    """Give the address of a database of its own, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{file}"
    return request.getfixturevalue("postgres").base()


@pytest.fixture
def kept_in(url) -> Store:
    return Store(url)


def test_reading_makes_nothing(kept_in, tmp_path):
    assert kept_in.revision() == ""
    assert kept_in.listed() == []
    assert kept_in.read("essai") is None
    assert kept_in.listed() == []
    assert kept_in.history("essai") == []
    assert kept_in.undo("essai") is None
    assert kept_in.remove("essai") is False
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_imported_where_nothing_is_kept(file):
    code = (
        "import sys; from villeactive.store.database import Store; "
        f"assert Store('sqlite:///{file}').listed() == []; "
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_what_was_written_is_read(kept_in):
    first = collection(
        record("b", 0, amounts=[1, 2.5, None, True]),
        record("a", 1),
        mapping={"Titre": "title", "Vide": None},
        decisions={"Saint-Denis": "93066"},
    )
    written = write(kept_in, first, "1", who="Léa", expected=0)
    assert written.change == Change(new=("b", "a"))
    assert (written.revision, written.already) == (1, False)
    read = kept_in.read("essai")
    assert read == replace(first, revision=1)
    assert list(read.records) == ["b", "a"]
    assert kept_in.read("autre") is None
    write(kept_in, collection(record("z"), name="autre"), "1")
    assert [(one.id, one.title, one.projects, one.revision) for one in kept_in.listed()] == [
        ("autre", "Projets de autre", 1, 1),
        ("essai", "Projets de essai", 2, 1),
    ]


def test_columns_keep_their_order(kept_in):
    row = dict.fromkeys(("Zone", "Bourg", "Âge", "10", "9"), "")
    write(kept_in, collection(replace(record("a"), row=row)), "1")
    assert list(kept_in.read("essai").records["a"].row) == list(row)


def test_an_import_says_what_it_changes(kept_in):
    before = collection(record("a", 0), record("b", 1), record("c", 2))
    after = collection(record("new", 0), record("c", 1, year=2026), record("b", 2))
    assert difference(None, before) == Change(new=("a", "b", "c"))
    assert difference(before, after) == Change(new=("new",), changed=("c",), gone=("a",))
    assert difference(before, before) == Change()
    row = replace(before.records["a"], row={"Titre": "autre"})
    assert difference(collection(record("a")), collection(row)) == Change(changed=("a",))

    write(kept_in, before, "1", who="Léa")
    written = write(kept_in, after, "2")
    assert (written.change, written.revision) == (difference(before, after), 2)
    newest, oldest = kept_in.history("essai")
    assert (newest.number, newest.digest, newest.file) == (2, "2", "2.csv")
    assert (newest.new, newest.changed, newest.gone) == (1, 1, 1)
    assert (oldest.number, oldest.who, oldest.new) == (1, "Léa", 3)
    assert kept_in.listed()[0].imported_at == newest.at


def test_each_version_is_kept(kept_in, url):
    write(kept_in, collection(record("a", 0), record("b", 1)), "1")
    write(kept_in, collection(record("a", 3, year=2026)), "2")
    found = ask(url, "SELECT number, project_id, what, before, after FROM project_version "
                      "ORDER BY number, project_id")  # fmt: skip
    versions = [(number, name, what) for number, name, what, *_ in found]
    assert versions == [(1, "a", "new"), (1, "b", "new"), (2, "a", "changed"), (2, "b", "gone")]
    before, after = (json.loads(one) if isinstance(one, str) else one for one in found[2][3:])
    assert before == {"key": "clé de a", "position": 0, "data": {"title": "a"},
                      "row": {"Titre": "a"}}  # fmt: skip
    assert (after["position"], after["data"]) == (3, {"title": "a", "year": 2026})
    assert (found[0][3], found[3][4]) == (None, None)


def test_undo_then_the_same_file_again(kept_in):
    first = collection(record("a", 0), record("b", 1), record("c", 2), mapping={"x": 1})
    moved = replace(record("b", 7), key="autre clé")
    second = collection(
        record("c", 0, year=2026), moved, record("d", 8), head={"title": "Autre"},
        mapping={"x": 2}, decisions={"Lens": "62498"},
    )  # fmt: skip
    write(kept_in, first, "1")
    write(kept_in, second, "2")
    assert same(kept_in.read("essai")) == second
    assert kept_in.listed()[0].title == "Autre"

    assert isinstance(kept_in.undo("essai"), Import)
    assert kept_in.read("essai") == replace(first, revision=3)
    assert [one.number for one in kept_in.history("essai")] == [1]

    again = write(kept_in, second, "2", expected=3)
    assert (again.already, again.revision) == (False, 4)
    assert same(kept_in.read("essai")) == second

    assert kept_in.undo("essai").number == 2
    assert kept_in.undo("essai").number == 1
    assert (kept_in.read("essai"), kept_in.listed(), kept_in.history("essai")) == (None, [], [])
    assert kept_in.undo("essai") is None
    assert write(kept_in, first, "1", expected=0).revision == 7


def test_the_same_file_again_writes_nothing(kept_in, url):
    first, second = collection(record("a")), collection(record("b"))
    write(kept_in, first, "1")
    before = kept_in.revision()
    again = write(kept_in, first, "1", expected=0)  # as one that saw no answer sends it
    assert (again.already, again.change, again.revision) == (True, Change(), 1)
    assert kept_in.revision() == before
    write(kept_in, second, "2")
    assert not write(kept_in, first, "1").already  # an older file, brought back on purpose
    assert [one.digest for one in kept_in.history("essai")] == ["1", "2", "1"]
    assert ask(url, "SELECT count(*) FROM project") == [(1,)]


def test_a_change_prepared_on_another_revision_is_refused(kept_in):
    write(kept_in, collection(record("a")), "1")
    write(kept_in, collection(record("b")), "2", expected=1)
    before = kept_in.read("essai")
    for expected, words in ((1, "révision 1"), (0, "devait la créer")):
        with pytest.raises(
            StoreConflictError, match="« essai » : elle en est à la révision 2"
        ) as told:
            write(kept_in, collection(record("c")), "3", expected=expected)
        assert words in str(told.value)
        assert (told.value.expected, told.value.current) == (expected, 2)
    assert kept_in.read("essai") == before
    kept_in.remove("essai")
    with pytest.raises(StoreConflictError, match="n’est plus gardée"):
        write(kept_in, collection(record("c")), "3", expected=2)


def test_removing_leaves_nothing_in_the_file(in_file, file):
    secret = "06 12 34 56 78"
    row = {"Téléphone": secret}
    write(in_file, collection(replace(record("a"), row=row)), "1")
    assert secret.encode() in file.read_bytes()
    in_file.remove("essai")
    assert secret.encode() not in file.read_bytes()


def test_removing_takes_the_history(kept_in, url):
    secret = "06 12 34 56 78"
    write(kept_in, collection(replace(record("a"), row={"Téléphone": secret})), "1")
    write(kept_in, collection(record("z"), name="autre"), "1")
    before = kept_in.revision()
    assert kept_in.remove("essai") is True
    assert kept_in.remove("essai") is False
    assert kept_in.revision() != before
    assert [one.id for one in kept_in.listed()] == ["autre"]
    assert kept_in.history("essai") == []
    assert ask(url, "SELECT DISTINCT collection_id FROM project_version") == [("autre",)]
    assert write(kept_in, collection(record("a")), "1").revision == 3


def test_a_project_is_of_one_collection(kept_in):
    write(kept_in, collection(record("a"), record("b")), "1")
    other = collection(record("z", 0), record("b", 1), name="autre")
    with pytest.raises(StoreError, match="« b » : les collections « essai » et « autre »"):
        write(kept_in, other, "1")
    assert [one.id for one in kept_in.listed()] == ["essai"]
    write(kept_in, collection(record("a")), "2")  # b is free
    write(kept_in, other, "1")
    with pytest.raises(StoreError, match="« b » : les collections « autre » et « essai »"):
        kept_in.undo("essai")
    assert list(kept_in.read("essai").records) == ["a"]


def test_the_revision_tells_any_process_of_any_change(kept_in, url):
    seen = [kept_in.revision()]
    other = Store(url)

    def changed() -> None:
        assert kept_in.revision() == other.revision()
        assert kept_in.revision() not in seen
        seen.append(kept_in.revision())

    write(other, collection(record("a")), "1")
    changed()
    write(other, collection(record("z"), name="autre"), "1")
    changed()
    other.undo("autre")
    changed()
    other.remove("essai")
    changed()
    code = f"from villeactive.store.database import Store; print(Store({url!r}).revision())"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    assert told.stdout.decode().strip() == seen[-1]


def test_a_backup_has_the_revision_of_its_time(in_file, file):
    write(in_file, collection(record("a")), "1")
    first, backup = in_file.revision(), file.read_bytes()
    write(in_file, collection(record("b")), "2")
    second = in_file.revision()
    file.write_bytes(backup)
    assert in_file.revision() == first
    write(in_file, collection(record("b")), "2")
    third = in_file.revision()
    file.unlink()
    write(in_file, collection(record("a")), "1")
    assert len({first, second, third, in_file.revision()}) == 4


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_kept_as_it_is(kept_in, words):
    text = words
    kept = Kept(
        f"c{text}", {"title": text, text: text}, {text: text}, {text: [text]},
        {f"p{text}": Record(f"p{text}", text, 0, {text: {text: text}}, {text: text})},
    )  # fmt: skip
    kept_in.write(kept, digest=text or "-", file=text, who=text)
    assert same(kept_in.read(kept.id)) == kept
    assert [(one.file, one.who) for one in kept_in.history(kept.id)] == [(text, text)]
    assert kept_in.write(kept, digest=text or "-", file=text).already
    assert kept_in.undo(kept.id).digest == (text or "-")


def test_what_no_database_keeps_is_left_out(kept_in):
    text = "a\x00b\ud83dc\udfff"
    kept = Kept(
        text, {text: text}, {text: text}, {text: text},
        {text: Record(text, text, 0, {text: [text]}, {text: text})},
    )  # fmt: skip
    kept_in.write(kept, digest=text, file=text, who=text)
    assert same(kept_in.read("abc")) == cleaned(kept)
    assert kept_in.read("abc").records["abc"].data == {"abc": ["abc"]}
    assert difference(kept_in.read("abc"), kept) == Change()
    assert kept_in.write(kept, digest=text, file=text).already
    assert kept_in.history("abc")[0].who == "abc"


def test_what_is_clean_is_kept_as_it_is_and_what_is_not_is_made_anew():
    fields = {"texte": "é", "vide": "", "nombres": [1, 1.5, True, None, [{}]]}
    plain, dirty = record("a", **fields), record("b", 1, nul="un\x00", deux=("x", "\ud800y"))
    found = cleaned(collection(plain, dirty)).records
    assert found["a"] is plain
    assert found["b"] == record("b", 1, nul="un", deux=["x", "y"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"a": float("nan")}, "la valeur « nan »"),
        ({"a": float("inf")}, "la valeur « inf »"),
        ({"a": [b"octets"]}, "n’est ni un texte, ni un nombre"),
        ({"a": 1, "a\x00": 2}, "deux champs portent le même nom"),
        ({1: "un"}, "le nom d’un champ n’est pas un texte"),
    ],
)
def test_what_is_no_plain_value_is_refused(in_file, file, data, words):
    kept = collection(replace(record("a"), data=data))
    with pytest.raises(StoreError, match="Collection « essai », projet « a »") as told:
        write(in_file, kept, "1")
    assert words in str(told.value)
    assert not file.exists()


def test_levels_without_end_are_refused(in_file):
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(StoreError, match="trop de niveaux"):
        write(in_file, collection(record("a", deep=deep)), "1")


def test_two_ids_that_become_one_are_refused(in_file):
    with pytest.raises(StoreError, match="« a » : deux projets portent cet identifiant"):
        write(in_file, collection(record("a"), record("a\x00")), "1")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | TEXT
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
FIELDS = st.dictionaries(TEXT, PLAIN, max_size=3)
ROWS = st.lists(
    st.tuples(st.sampled_from("abcdé"), TEXT, st.integers(0, 9), FIELDS, FIELDS),
    max_size=5,
    unique_by=lambda row: row[0],
)
COLLECTIONS = st.builds(
    lambda head, mapping, decisions, rows: Kept(
        "essai", head, mapping, decisions, {row[0]: Record(*row) for row in rows}
    ),
    FIELDS, FIELDS, FIELDS, ROWS,
)  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def long_lived(request, tmp_path_factory) -> tuple[Store, count]:
    if request.param == "sqlite":
        return Store(f"sqlite:///{tmp_path_factory.mktemp('magasin')}/c.sqlite"), count()
    return Store(request.getfixturevalue("postgres").base()), count()


@settings(max_examples=25, deadline=None)
@given(kept=COLLECTIONS)
def test_any_collection_comes_back_and_undo_gives_the_one_before(long_lived, kept):
    kept_in, digests = long_lived
    before = kept_in.read("essai")
    told = write(kept_in, kept, f"{next(digests)}", expected=before.revision if before else 0)
    assert told.change == difference(before, kept)
    assert kept_in.read("essai") == replace(kept, revision=told.revision)
    order = [one.position for one in kept_in.read("essai").records.values()]
    assert order == sorted(order)
    kept_in.undo("essai")
    assert same(kept_in.read("essai")) == same(before)
    write(kept_in, kept, f"{next(digests)}")  # what the next example finds


def test_the_migrations_make_the_tables(kept_in, url):
    write(kept_in, collection(record("a")), "1")
    engine = create_engine(url)
    own = {
        "version_table": VERSION_TABLE,
        "include_name": lambda name, *_: name != "spatial_ref_sys",
    }
    declared = [METADATA, LAYERS] if url.startswith("postgresql") else METADATA
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=own)
        assert compare_metadata(context, declared) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()
    if url.startswith("sqlite"):
        assert ask(url, "PRAGMA journal_mode") == [("wal",)]
