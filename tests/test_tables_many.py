"""Tables of any length: Parquet read and written, in parts, by one process or several."""

import datetime
import fcntl
import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.server import children
from tests.table_lists import MAKERS
from villeactive.cli import main
from villeactive.documents import parquet_join
from villeactive.documents.parquet_parts import parts_folder
from villeactive.geography.referential import read_communes
from villeactive.tables import answers
from villeactive.tables.many import added, plan
from villeactive.tables.many.added import FIELDS
from villeactive.tables.many.crew import Crew
from villeactive.tables.many.writing import StoppedError, write_places
from villeactive.tables.raw.reading import read_raw

ROOT = Path(__file__).resolve().parents[1]
GROUP, PARTS = 51_000, 4  # two are more than a part, all more than what a page reads


def towns(rows: int, first: int = 0) -> pa.Table:
    """Rows of towns one after the other, with what one does not place by."""
    table = read_communes().iloc[:3_000]
    taken = (pd.RangeIndex(rows) + first) % len(table)
    return pa.table(
        {
            "Code INSEE": pa.array(table.index.to_numpy(dtype=object)[taken], pa.string()),
            "Commune": pa.array(table.name.str.upper().to_numpy(dtype=object)[taken], pa.string()),
            "lot": pa.array(taken.to_numpy() % 7, pa.int16()),
        }
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """Give a file of :data:`PARTS` parts."""
    path = tmp_path_factory.mktemp("many") / "villes.parquet"
    with pq.ParquetWriter(path, towns(1).schema) as writer:
        for part in range(PARTS):
            writer.write_table(towns(GROUP, part * GROUP))
    return path


@pytest.fixture(scope="module")
def wanted(many, tmp_path_factory) -> pa.Table:
    target = tmp_path_factory.mktemp("wanted") / "places.parquet"
    write_places(many, target)
    return pq.read_table(target)


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "villeactive", *map(str, words)]


@contextmanager
def held(
    target: Path, *words: object
) -> Iterator[tuple[subprocess.Popen, Callable[[], tuple[str, str]]]]:
    """Start a command that waits to tell its first part, which is whole; give what lets it go on.

    Nobody reads what it tells, into a pipe that is full.
    """
    reads, writes = os.pipe()
    size = fcntl.fcntl(writes, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writes, b"." * (size - 1) + b"\n")
    # who runs the tests in the background has them ignore Ctrl+C, and all that they start
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command(*words), cwd=ROOT, stdout=subprocess.PIPE, stderr=writes, text=True
    )
    signal.signal(signal.SIGINT, before)
    os.close(writes)

    def let_go() -> tuple[str, str]:
        with os.fdopen(reads, encoding="utf-8") as stream:
            said = stream.read()
        out, _ = process.communicate()
        return out, said.partition("\n")[2]

    while not list(parts_folder(target).glob("0*.parquet")):
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"arrêté trop tôt : {process.wait(timeout=0.05)}")
    yield process, let_go


# ------------------------------------------------------------------------------ what is written


@pytest.mark.parametrize("make", MAKERS[::3], ids=lambda make: make.__name__)
def test_rows_are_written_with_what_table_tells(tmp_path, capsys, make):
    name, content, _ = make()
    source, target = tmp_path / name, tmp_path / "places.parquet"
    source.write_bytes(content)
    code = main(["table", str(source), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert main(["table", str(source), "--output", str(target), "--format", "json"]) == code
    written = json.loads(capsys.readouterr().out)
    counted = ("rows", "found", "corrected", "ambiguous", "missing")
    assert {key: written[key] for key in counted} == {key: told[key] for key in counted}
    assert [(c["header"], c["role"]) for c in written["columns"]] == [
        (c["header"], c["role"]) for c in told["columns"]
    ]
    table = pq.read_table(target)
    assert table.column_names == [c["header"] for c in told["columns"]] + [
        written["added"][field] for field in FIELDS
    ]
    places = table.select(list(written["added"].values())).rename_columns(FIELDS).to_pylist()
    assert places == [{field: place[field] for field in FIELDS} for place in told["places"]]
    assert not parts_folder(target).exists()


def test_columns_of_every_type_are_kept_and_names_that_are_taken_are_told(tmp_path, capsys):
    day, hour = datetime.date(2024, 5, 17), datetime.datetime(2024, 5, 17, 9, 30)
    table = pa.table(
        {
            "code_insee": pa.array([62498, 1053, None], pa.int32()),
            "region": pa.array(["Hauts-de-France", None, "Bretagne"]).dictionary_encode(),
            "status": ["fait", "prévu", None],
            "status_trouve": [1.5, None, 2.0],
            "jour": pa.array([day, None, day]),
            "heure": pa.array([hour] * 3, pa.timestamp("us", "UTC")),
            "mots": [["a", "b"], [], None],
            "suivi": [{"n": 1}, {"n": None}, None],
            "brut": [b"\x00\x01", None, b""],
        }
    ).replace_schema_metadata({"auteur": "préfecture"})  # fmt: skip
    source, target = tmp_path / "types.parquet", tmp_path / "places.parquet"
    pq.write_table(table, source)
    assert main(["table", str(source), "--output", str(target)]) == 1
    said = capsys.readouterr().out
    assert "status_trouve_2 (status), code_insee_trouve (code_insee) et region_trouve" in said
    assert "- ligne 3 : " in said
    whole = pq.read_table(target)
    assert whole.select(table.column_names).equals(pq.read_table(source))
    assert whole.schema.metadata[b"auteur"] == "préfecture".encode()
    assert whole["code_insee_trouve"].to_pylist() == ["62498", "01053", None]
    assert whole["status_trouve_2"].to_pylist() == ["found", "found", "missing"]
    assert pd.read_parquet(target)["departement"].tolist()[:2] == ["62", "01"]


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_of_few_rows_is_written_whole(tmp_path, rows):
    pq.write_table(towns(rows), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("Commune;Code INSEE\n" + "Lens;62498\n" * rows)
    for name in ("a.parquet", "b.csv"):
        assert main(["table", str(tmp_path / name), "--output", str(tmp_path / "o.parquet")]) == 0
        assert pq.read_table(tmp_path / "o.parquet").num_rows == rows


def test_a_shifted_row_is_placed_put_back_and_written_as_it_is(tmp_path, capsys):
    shifted = ["", "Gare", "Guéret", "23096", "23"]
    table = read_communes().iloc[::4_000]
    source, target = tmp_path / "decale.csv", tmp_path / "o.parquet"
    rows = [
        ["Halle", name, code, departement, "12 000"]
        for code, name, departement in zip(table.index, table.name, table.departement, strict=True)
    ]
    header = ["Projet", "Commune", "Code INSEE", "Dép.", "Montant"]
    source.write_text("\n".join(map(";".join, [header, *rows, shifted])))
    assert main(["table", str(source), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["places"][-1]
    assert told["reason_code"] == "shifted"
    assert main(["table", str(source), "--output", str(target)]) == 0
    last = pq.read_table(target).to_pylist()[-1]
    assert list(last.values())[:5] == shifted
    assert {field: told[field] for field in FIELDS} == {field: last[field] for field in FIELDS}


def test_a_map_is_placed_by_its_points(tmp_path, capsys, atlas):
    """GeoParquet: WKB, read without GDAL."""
    sites = atlas.sites.loc[atlas.sites["rank"] == 0, ["project", "geometry"]]
    sites.to_parquet(tmp_path / "carte.parquet")
    main(["table", str(tmp_path / "carte.parquet"), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["columns"][1]["role"]) == ("parquet", "point")
    main(["table", str(tmp_path / "carte.parquet"), "--output", str(tmp_path / "o.parquet")])
    written = pq.read_table(tmp_path / "o.parquet")
    assert written["code_insee"].to_pylist() == [place["code_insee"] for place in told["places"]]
    assert written["geometry"].equals(pq.read_table(tmp_path / "carte.parquet")["geometry"])
    assert told["found"] > len(sites) / 2


def test_locate_completes_parquet_as_it_does_csv(tmp_path):
    names = ["Lens", "Saint-Denis", "Vile-Inconnue", "Bretagne", ""]
    source = tmp_path / "lieux.parquet"
    pq.write_table(pa.table({"name": names, "departement": ["62", "", "", "", ""]}), source)
    (tmp_path / "lieux.csv").write_text(
        "name,departement\n" + "".join(f"{n},{'62' if n == 'Lens' else ''}\n" for n in names)
    )
    for given, made in (("lieux.parquet", "a.parquet"), ("lieux.csv", "b.parquet"),
                        ("lieux.parquet", "c.csv")):  # fmt: skip
        done = ["locate", "--input", str(tmp_path / given), "--output", str(tmp_path / made)]
        assert main(done) == 0
    flowed, whole = (
        pq.read_table(tmp_path / name).to_pylist() for name in ("a.parquet", "b.parquet")
    )
    assert flowed[:4] == whole[:4]  # a blank line is none of a CSV
    assert [row["status"] for row in flowed] == [
        "found",
        "ambiguous",
        "missing",
        "ambiguous",
        "missing",
    ]
    read = pd.read_csv(tmp_path / "c.csv", sep=";", dtype=str, keep_default_na=False)
    assert read["code_insee_found"].tolist()[:2] == ["62498", ""]


# ---------------------------------------------------------------- stopped, and taken up again


def test_what_was_stopped_is_taken_up_again(many, wanted, tmp_path):
    target = tmp_path / "o.parquet"
    folder = parts_folder(target)

    def stop(done, parts, rows):
        assert (parts, rows) == (PARTS, done * GROUP)
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(StoppedError, match=folder.name):
        write_places(many, target, progress=stop)
    assert not target.exists()
    kept = {path.name: path.stat().st_mtime_ns for path in folder.glob("0*.parquet")}
    assert sorted(kept) == ["000000.parquet", "000001.parquet"]
    # a part that is not whole is none
    (folder / "000001.parquet").write_bytes((folder / "000001.parquet").read_bytes()[:-50])
    seen = []
    written = write_places(many, target, progress=lambda *told: seen.append(told[0]))
    assert seen == [2, 3, 4]
    assert written.counts == {"found": PARTS * GROUP}
    assert pq.read_table(target).equals(wanted)
    assert not folder.exists()


def test_other_roles_or_another_file_take_up_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "_PART_ROWS", 10)
    source, target = tmp_path / "a.parquet", tmp_path / "o.parquet"

    def stop(*_):
        raise KeyboardInterrupt

    def run(**options):
        seen = []
        pq.write_table(towns(30, options.pop("first", 0)), source, row_group_size=10)
        with pytest.raises(StoppedError):
            write_places(source, target, progress=stop, **options)
        write_places(source, target, progress=lambda *told: seen.append(told[0]), **options)
        with pytest.raises(StoppedError):
            write_places(source, target, progress=stop, **options)
        return seen

    assert run() == [2, 3]
    seen = []
    mapping = plan.Mapping({"Commune": None})
    write_places(source, target, mapping=mapping, progress=lambda *told: seen.append(told[0]))
    assert seen == [1, 2, 3]
    assert run(first=5) == [2, 3]
    assert pq.read_table(target)["Code INSEE"][0].as_py() == towns(1, 5)["Code INSEE"][0].as_py()


def workers_of(process: subprocess.Popen) -> list[int]:
    """Return the processes that place: the one that has read the modules begins them."""
    (begins,) = (
        pid
        for pid in children(process.pid)
        if b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    return children(begins)


@pytest.mark.parametrize(
    ("sent", "crew"),
    [(signal.SIGINT, []), (signal.SIGKILL, ["--workers", "2"])],
    ids=["ctrl-c", "kill"],
)
def test_a_process_that_is_ended_leaves_whole_parts(many, wanted, tmp_path, sent, crew):
    target = tmp_path / "o.parquet"
    with held(target, "table", many, "--output", target, *crew) as (process, let_go):
        ends = [os.pidfd_open(pid) for pid in (workers_of(process) if crew else [])]
        process.send_signal(sent)
        _, err = let_go()
    assert len(ends) == (2 if crew else 0)
    for end in ends:  # who it had hired ends with it, and writes nothing more
        assert select.select([end], [], [], 60)[0]
        os.close(end)
    assert not target.exists()
    if sent == signal.SIGINT:
        assert process.returncode == 2
        # on a line of its own, or after what was being told
        assert re.search(r"villeactive : arrêté\. .* « o\.parquet\.parties » .*\.\n$", err)
        assert "Traceback" not in err
    parts = list(parts_folder(target).glob("0*.parquet"))
    assert {pq.read_metadata(part).num_rows for part in parts} == {GROUP}
    done = []
    write_places(many, target, progress=lambda *told: done.append(told[0]))
    assert done == list(range(len(parts) + 1, PARTS + 1))
    assert pq.read_table(target).equals(wanted)


# -------------------------------------------------------------------------------- several hands


def test_a_worker_that_is_killed_costs_its_part_only(many, wanted, tmp_path):
    target = tmp_path / "o.parquet"
    with held(target, "table", many, "--output", target, "--workers", 2) as (process, let_go):
        workers = workers_of(process)
        os.kill(workers[0], signal.SIGKILL)
        out, err = let_go()
    assert len(workers) == 2
    assert process.returncode == 0
    assert err.splitlines()[-1] == "4 / 4 parties, 204\u202f000 lignes"
    assert len(err.splitlines()) == PARTS
    assert "204\u202f000 trouvées" in out
    assert pq.read_table(target).equals(wanted)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> str:
    """A Dask cluster of one worker, as its commands start it."""
    where = tmp_path_factory.mktemp("dask")

    def start(words: list[str], until: str) -> tuple[subprocess.Popen, re.Match]:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        for line in process.stderr:
            if found := re.search(until, line):
                return process, found
        raise AssertionError(f"{words} s’est arrêté")

    scheduler, found = start(
        ["dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
        r"Scheduler at: +(tcp://\S+)",
    )
    worker, _ = start(
        ["dask", "worker", found[1], "--nworkers", "1", "--nthreads", "1", "--no-dashboard",
         "--local-directory", str(where)],
        "Registered to",
    )  # fmt: skip
    yield found[1]
    for process in (worker, scheduler):
        process.terminate()
        process.communicate()


def test_a_cluster_places_as_one_process_and_who_asks_it_reads_no_commune(
    many, wanted, cluster, tmp_path
):
    """Its workers have read them: the table is settled by one."""
    target = tmp_path / "o.parquet"
    code = (
        "import sys; from villeactive.cli import main; "
        "from villeactive.geography.gazetteer import communes; "
        "code = main(sys.argv[1:]); print(communes.cache_info().misses); sys.exit(code)"
    )
    words = ["table", many, "--output", target, "--scheduler", cluster]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, len(done.stderr.splitlines())) == (0, PARTS), done.stderr
    *_, told, read = done.stdout.splitlines()
    assert "204\u202f000 trouvées" in told
    assert read == "0"
    assert pq.read_table(target).equals(wanted)


def test_rows_in_memory_are_placed_by_several(tmp_path, monkeypatch, capsys, cluster):
    """More questions than one is given at once, by processes of this machine or a cluster."""
    # where an ``AppTest`` leaves its page, which each process would run again
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    source = tmp_path / "a.csv"
    towns_of = read_communes().iloc[:620]
    rows = [*zip(towns_of.name, towns_of.departement, strict=True), ("Nulle-Part", "01")]
    source.write_text("Commune;Dép.\n" + "".join(map("{0[0]};{0[1]}\n".format, rows)))
    told = []
    for words in (["--workers", "2"], ["--scheduler", cluster], []):
        answers.forget()
        assert main(["table", str(source), "--format", "json", *words]) == 1
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[2]
    assert told[1] == told[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scheduler", "tcp://127.0.0.1:1"], "aucun ordonnanceur Dask ne répond"),
        (["--scheduler", "bidule"], "aucun ordonnanceur Dask ne répond à « bidule »"),
        (["--workers", "0"], "de 1 à 64"),
        (["--workers", "deux"], "n’est pas un nombre entier"),
        (["--workers", "2", "--scheduler", "tcp://a:1"], "donnez l’un ou l’autre"),
        (["--records"], "--records ne va pas avec --output"),
        (["--output", "o.csv"], "« o.csv » n’est pas un nom en .parquet"),
        (["--output", "a.parquet"], "c’est le fichier lu"),
        (["--output", "nulle/part/o.parquet"], "écriture impossible"),
        (["--mapping", "m.yaml"], "pas de colonne « Ville »"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    pq.write_table(towns(3), "a.parquet")
    Path("m.yaml").write_text("columns:\n  Ville: name\n")
    before = sorted(tmp_path.iterdir())
    words = words if "--output" in words else ["--output", "o.parquet", *words]
    try:
        code = main(["table", "a.parquet", *words])
    except SystemExit as stop:  # of argparse
        code = stop.code
    told = capsys.readouterr().err
    assert code == 2
    assert said in told
    assert told.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_without_dask_one_line_says_how_to_install_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)  # as where it is not installed
    monkeypatch.chdir(tmp_path)
    pq.write_table(towns(3), "a.parquet")
    words = ["table", "a.parquet", "--output", "o.parquet", "--scheduler", "tcp://127.0.0.1:1"]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "pip install -c constraints.txt -r requirements-dask.txt" in said
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


# -------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize("cut", ["end", "head", "pages", "footer"])
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path, capsys, cut):
    source = tmp_path / "a.parquet"
    pq.write_table(towns(2_000), source, compression="zstd")
    data = bytearray(source.read_bytes())
    if cut == "pages":
        data[40:900] = bytes(860)
    elif cut == "footer":
        data[-300:-8] = b"\xff" * 292
    else:
        data = data[: len(data) // 2] if cut == "end" else data[:5]
    source.write_bytes(data)
    for words in ([], ["--output", str(tmp_path / "o.parquet")]):
        assert main(["table", str(source), *words]) == 2
        said = capsys.readouterr().err
        assert "a.parquet : le fichier Parquet est abîmé" in said
        assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == [source]


def test_the_terminal_reads_tables_longer_than_a_page_does(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text("Code\n" + "62498\n" * 200_200)
    assert len(read_raw(source, any_length=True).rows) == 200_201


def test_a_long_file_is_told_without_being_kept(many, capsys):
    before = sorted(many.parent.iterdir())
    assert main(["table", str(many)]) == 0
    said = capsys.readouterr()
    assert said.out.endswith(
        "villes.parquet : 204\u202f000 lignes (204\u202f000 trouvées, 0 corrigée, 0 ambiguë, "
        "0 introuvable)\n"
    )
    assert "Colonnes ajoutées" not in said.out
    assert len(said.err.splitlines()) == PARTS
    assert sorted(many.parent.iterdir()) == before


def test_files_are_joined_without_being_read(tmp_path):
    nested = [{"n": i, "l": [i] * (i % 3), "m": {"a": None if i % 2 else i}} for i in range(400)]
    numbers = {f"c{i}": [None if j % 5 == i % 5 else j * i for j in range(400)] for i in range(20)}
    texts = [f"é{i % 40}" for i in range(400)]
    table = pa.table(numbers | {"nested": nested, "text": texts})
    parts = []
    for at in range(0, 400, 20):
        parts.append(tmp_path / f"{at}.parquet")
        one = table.slice(at, 20)
        one = one.set_column(21, "text", one["text"].dictionary_encode())
        pq.write_table(one, parts[-1], row_group_size=7, write_page_index=at % 40 == 0)
    schema = table.schema.with_metadata({"a": "b"})
    with (tmp_path / "whole.parquet").open("wb") as out:
        parquet_join.join(parts, out, schema=schema)
    whole = pq.ParquetFile(tmp_path / "whole.parquet")
    assert whole.read().equals(table)
    assert whole.schema_arrow.remove_metadata().equals(whole.read().schema.remove_metadata())
    assert whole.schema_arrow.metadata == {b"a": b"b"}
    assert whole.metadata.num_row_groups == 60
    assert whole.metadata.row_group(59).column(1).statistics.max == 399
    data = parts[0].read_bytes()
    with parts[0].open("rb") as file:
        footer, begin = parquet_join._footer(file)
    again = bytearray()
    parquet_join._write_struct(again, footer)
    assert bytes(again) == data[begin:-8]


def test_what_is_written_out_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "_BLOCK_ROWS", 1_000)
    monkeypatch.setattr(added, "_MANY", 1_500)
    pq.write_table(towns(6_000), tmp_path / "a.parquet")
    write_places(tmp_path / "a.parquet", tmp_path / "o.parquet", crew=Crew())
    whole = pq.read_table(tmp_path / "o.parquet")
    assert whole["code_insee"].equals(whole["Code INSEE"])
    assert len(added.added(FIELDS)._places) <= 1_500
