"""``map``, ``deck``, ``sheet``, ``similar``: what others call as written."""

import json
from xml.etree import ElementTree

import pytest
from PIL import Image

from villeactive.cli import main

DAY = ["--date", "2026-11-23"]
STARTS = {
    "png": b"\x89PNG",
    "svg": b"<?xml",
    "pdf": b"%PDF",
    "pptx": b"PK",
    "html": b"<!doctype html",
}


def run(*words: str) -> int:
    return main(list(words))


@pytest.mark.parametrize("kind", STARTS)
def test_every_kind_of_map_is_written_and_the_same_twice(tmp_path, kind, capsys):
    first, second = tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"
    asked = ["--region", "Bretagne", "--extent", "region:53", "--dpi", "96", *DAY]
    assert run("map", str(first), *asked) == 0
    assert run("map", str(second), *asked) == 0
    assert first.read_bytes()[:14].lower().startswith(STARTS[kind].lower())
    assert first.read_bytes() == second.read_bytes()
    assert capsys.readouterr().out.split() == [str(first), str(second)]


@pytest.mark.parametrize(
    ("filters", "extent"),
    [
        (["--region", "Bretagne"], "region:53"),
        (["--region", "53", "--departement", "29"], "departement:29"),
        (["--epci", "242900314"], "epci:242900314"),
        (["--region", "53", "--region", "52"], "france"),
        (["--programme", "ACV"], "france"),
    ],
)
def test_a_map_frames_the_one_territory_of_its_filters(tmp_path, filters, extent):
    alone, asked = tmp_path / "a.svg", tmp_path / "b.svg"
    layers = ["--layers", "projects,towns:ORT"]  # Brest has no project, nor a town of ACV
    assert run("map", str(alone), *filters, *layers, *DAY) == 0
    assert run("map", str(asked), *filters, *layers, "--extent", extent, *DAY) == 0
    assert alone.read_bytes() == asked.read_bytes()


def test_a_map_obeys_its_options(tmp_path):
    wide, tall = tmp_path / "wide.png", tmp_path / "tall.png"
    common = ["--layers", "towns:ACV", "--labels", "none", "--style", "mono", "--dpi", "100", *DAY]
    assert run("map", str(wide), "--layout", "slide", *common) == 0
    assert run("map", str(tall), "--layout", "a4", "--title", "Mes villes", *common) == 0
    with Image.open(wide) as image:
        assert image.size == (1333, 750)
    with Image.open(tall) as image:
        assert image.size == (827, 1169)
        assert image.text["Title"] == "Mes villes"


@pytest.mark.parametrize("kind", STARTS)
def test_a_title_that_the_font_cannot_write_breaks_no_file(tmp_path, kind):
    made = tmp_path / f"a.{kind}"
    title = "Ville \U0001f642 {{7*7}} #panic()"
    assert run("map", str(made), "--title", title, "--dpi", "96", *DAY) == 0
    assert made.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["map", "{tmp}/absent/a.png"], "écriture impossible"),
        (["map", "{tmp}/a.gif"], "Format du fichier"),
        (["map", "{tmp}/a.png", "--layers", "villes"], "Couche"),
        (["map", "{tmp}/a.png", "--layout", "a3"], "a4"),
        (["map", "{tmp}/a.png", "--style", "sepia"], "mono"),
        (["map", "{tmp}/a.png", "--labels", "rien"], "none"),
        (["map", "{tmp}/a.png", "--extent", "region:99"], "99"),
        (["map", "{tmp}/a.png", "--dpi", "20"], "96"),
        (["map", "{tmp}/a.png", "--text", "zzzz"], "sélection est vide"),
        (["deck", "{tmp}/a.pptx", "--text", "zzzz"], "sélection est vide"),
        (["deck", "{tmp}/a.pptx", "--by", "ville"], "region"),
        (["deck", "{tmp}/a.key"], "Format du fichier"),
        (["sheet", "lainama", "{tmp}/a.pdf"], "lainamac"),
        (["sheet", "lainamac", "{tmp}/absent/a.pdf"], "écriture impossible"),
        (["similar", "Zorglub"], "inconnu"),
        (["similar", "Lens", "--weights", "taille=9"], "9"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_2(tmp_path, capsys, words, said):
    assert run(*[word.format(tmp=tmp_path) for word in words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_date_is_an_error_of_the_options(tmp_path):
    with pytest.raises(SystemExit) as stopped:
        run("map", str(tmp_path / "a.png"), "--date", "23/11/2026")
    assert stopped.value.code == 2


def test_a_failed_map_leaves_what_was_there(tmp_path):
    kept = tmp_path / "carte.png"
    kept.write_bytes(b"avant")
    assert run("map", str(kept), "--layers", "villes") == 2
    assert kept.read_bytes() == b"avant"


def test_deck_and_sheet_are_written(tmp_path):
    assert run("deck", str(tmp_path / "d.pptx"), "--by", "project", "--region", "75", *DAY) == 0
    assert run("deck", str(tmp_path / "d.pdf"), "--by", "region", "--region", "53", *DAY) == 0
    assert run("sheet", "lainamac", str(tmp_path / "s.pdf"), *DAY) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"d.pptx", "d.pdf", "s.pdf"}


def test_similar_tells_towns_and_why(capsys):
    assert run("similar", "Lens", "--n", "3", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["town"] == "62498"
    assert len(told["similar"]) == 3
    assert "62498" not in {row["code_insee"] for row in told["similar"]}
    assert all(row["why"] for row in told["similar"])


def test_a_control_sign_in_a_title_breaks_no_drawing(tmp_path):
    path = tmp_path / "a.svg"
    asked = ["--title", "Ma\x01 ville\ud800\x1b", "--text", "usinerie\x01"]
    assert run("map", str(path), *asked, *DAY) == 0
    said = ElementTree.parse(path).getroot().itertext()
    assert "Ma ville" in " ".join(said)


def test_a_title_longer_than_a_page_is_refused_in_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        run("map", str(tmp_path / "a.svg"), "--title", "a" * 50_000)
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "200 au plus" in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_given_for_a_file_is_refused_in_one_line(tmp_path, capsys):
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(SystemExit) as stop:
        run("map", str(tmp_path / "a.svg"), *DAY)
    assert stop.value.code == 2
    assert "est un dossier" in capsys.readouterr().err
