"""A second collection beside the book: read, refused where it is not clear, shown everywhere."""

import ast
import itertools
import json
import re
from dataclasses import fields

import numpy as np
import pytest

from tests.sheet_cases import GOOD, collection, write, written
from tests.test_pages import run, title_of, words
from villeactive.atlas import read_atlas
from villeactive.cli import main
from villeactive.collections.collection import NO_THEME, parse_collection, taxonomy
from villeactive.collections.stores import SHIPPED, VARIABLE, folders, read_folders, read_once
from villeactive.errors import SheetError
from villeactive.filters import LISTS
from villeactive.maps.symbols import palette, theme_symbol
from villeactive.selection import Selection
from villeactive.ui.parts.map import _serve as serve
from villeactive.wording import sources

BOOK = next(path for path in SHIPPED.iterdir() if path.is_dir())
NAMES_OF_THE_BOOK = re.compile(r"\blivre\b|Forum des solutions|\bLa ville active\b", re.IGNORECASE)

PROJECTS = {
    "puits": {"title": "Un puits à Dzaoudzi", "theme": "eau", "places": [{"code_insee": "97608"}]},
    "scierie": {
        "title": {"fr": "La scierie d’Ajaccio"},
        "theme": "bois",
        "kind": "chantier",
        "summary": "Une scierie rouvre.",
        "places": [{"code_insee": "2A004", "site": "Le port"}],
        "funders": ["Région Corse", {"organisation": "ANCT", "note": "pour moitié"}],
        "budget": [{"label": "Total", "amount_eur": 120_000.0, "nature": "investment"}],
        "contacts": [{"name": "Une personne", "email": "a@exemple.fr"}],
    },
    "musee": {
        "title": "Le musée de Guéret",
        "places": [{"code_insee": "23096"}],
        "timeline": [
            {"date": "2023", "label": "Ouverture"},
            {"label": "Suite", "status": "planned"},
        ],
        "reference": {"url": "https://exemple.fr/musee"},
    },
}  # fmt: skip
HEAD = {
    "id": "outre-mer",
    "title": "Trois essais",
    "short_title": "Essais",
    "noun": "appel à projets",
    "article": "l’",
    "date": "2024-05",
    "publishers": ["Préfecture de Mayotte", "ANCT"],
    "themes": [
        {"code": "eau", "label": "Eau potable"},
        {
            "code": "bois",
            "label": "Filière bois",
            "sign": {"shape": "hexagon", "colour": "#CC79A7"},
        },
    ],
    "kinds": [{"code": "chantier", "label": "Chantier", "plural": "chantiers", "counted": True}],
}


@pytest.fixture
def outremer(tmp_path):
    """Give the folder of three projects, in Mayotte, Corsica and the Creuse."""
    folder = tmp_path / "outre-mer"
    write(folder, "collection.yaml", HEAD)
    for name, data in PROJECTS.items():
        write(folder, f"projects/{name}.yaml", {"id": name, **data})
    return folder


@pytest.fixture
def both(outremer, monkeypatch):
    """Read the book and the three projects, as the server and the command line do."""
    monkeypatch.setenv(VARIABLE, str(outremer))
    yield read_atlas()


def refused(*paths):
    with pytest.raises(SheetError) as caught:
        read_folders(paths)
    return caught.value.faults


def test_a_project_needs_an_id_a_title_and_a_commune(both):
    musee = both.sheets["musee"]
    assert (musee.collection, musee.kind, musee.theme) == ("outre-mer", "chantier", NO_THEME)
    assert [both.projects.loc[name, "town"] for name in PROJECTS] == [
        "Dzaoudzi",
        "Ajaccio",
        "Guéret",
    ]
    assert list(both.themes)[-3:] == ["eau", "bois", NO_THEME]
    assert both.themes[NO_THEME].label == "Sans thème"
    assert list(both.kinds)[-1] == "chantier"


def test_maps_of_other_themes_have_their_files_elsewhere(both):
    # one place for all, and a map would lose its scripts as another one is shown
    served = {serve(one.taxonomy).assets for one in (both, both.only(["outre-mer"]))}
    assert len(served) == 2


def test_an_organisation_may_be_written_by_its_name(both):
    funders = [actor.organisation for actor in both.sheets["scierie"].funders]
    assert funders == ["region-corse", "anct"]
    assert both.organisations["region-corse"].name == "Région Corse"
    assert both.acts["anct"] >= {"scierie"}
    assert both.collections["outre-mer"].publishers == ["prefecture-de-mayotte", "anct"]


@pytest.mark.usefixtures("both")
def test_the_filter_keeps_its_projects_and_none_keeps_all(capsys):
    assert main(["projects", "--collection", "outre-mer", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {one["id"] for one in listed} == set(PROJECTS)
    assert {one["collection"] for one in listed} == {"outre-mer"}
    (musee,) = [one for one in listed if one["id"] == "musee"]
    assert (musee["theme"], musee["reference"]["url"]) == (None, "https://exemple.fr/musee")
    place = musee["places"][0]
    assert (place["then"], place["programmes_then"]) == (2024, ["ACV", "ORT", "TI"])
    assert "programmes_2022" not in place
    assert main(["projects", "--theme", "none"]) == 0
    assert "musee" in capsys.readouterr().out
    assert main(["projects", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 29 + 3


@pytest.mark.usefixtures("both")
def test_the_filter_names_it_briefly_and_the_map_in_full():
    page = run(collection="outre-mer")
    assert page.multiselect(key="f-collection").options == ["La ville active", "Essais"]
    assert "Trois essais" in title_of(page)


def test_a_title_is_named_as_it_is_written(both):
    odd = both.collections["outre-mer"].model_copy(update={"title": "*Un* [lien](x) <b>gras"})
    named = sources.named(odd, both)
    assert named.startswith("<cite>*Un* [lien](x) &lt;b&gt;gras</cite>")


def test_the_book_keeps_its_year_and_its_keys(capsys):
    assert main(["projects", "--collection", "La ville active", "--format", "json"]) == 0
    (usinerie,) = [one for one in json.loads(capsys.readouterr().out) if one["id"] == "usinerie"]
    place = usinerie["places"][0]
    assert place["then"] == 2022
    assert place["programmes_then"] == place["programmes_2022"]
    assert place["population_book"] == place["population_cited"] == 45390
    assert usinerie["source"]["pages"] == usinerie["reference"]["pages"]


@pytest.mark.usefixtures("both")
def test_an_unknown_collection_is_told_with_those_there_are(capsys):
    assert main(["projects", "--collection", "zut"]) == 2
    said = capsys.readouterr().err
    assert "outre-mer (Trois essais)" in said
    assert "ville-active (La ville active)" in said


@pytest.mark.usefixtures("both")
def test_its_files_cite_it_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("carte.svg", "carte.html"):
        assert main(["map", name, "--collection", "outre-mer"]) == 0
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "Trois essais" in text
        assert not NAMES_OF_THE_BOOK.findall(text)
    assert main(["sheet", "scierie", "fiche.pdf", "--collection", "outre-mer"]) == 0
    assert main(["deck", "tout.pptx", "--collection", "outre-mer"]) == 0
    assert main(["check", "--collection", "outre-mer"]) == 0
    assert "Tout est bon." in capsys.readouterr().out


@pytest.mark.usefixtures("both")
def test_all_themes_stand_side_by_side_when_no_collection_is_chosen():
    shown = run("app.py", "pages/themes.py")
    assert not shown.exception
    said = words(shown)
    for title in ("Apprendre et travailler en cœur de ville", "Eau potable", "Sans thème"):
        assert title in said


def test_a_sheet_links_to_its_source(both):
    assert both.sheets["musee"].reference.url in words(
        run("app.py", "pages/projet.py", projet="musee")
    )


PAGES = (
    ("carte", {}),
    ("themes", {}),
    ("themes", {"theme": "eau"}),
    ("acteurs", {}),
    ("commune", {"commune": "23096"}),
    ("ma_ville", {"town": "23096"}),
    ("projet", {"projet": "scierie"}),
    ("methode", {}),
)


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(("page", "query"), PAGES)
def test_each_page_shows_it_without_a_word_of_the_book(page, query):
    shown = run("app.py", f"pages/{page}.py", collection="outre-mer", **query)
    assert not shown.exception
    said = words(shown)
    for found in NAMES_OF_THE_BOOK.finditer(said):
        pytest.fail(said[max(found.start() - 80, 0) : found.end() + 40])


def theme(code, sign):
    return {"code": code, "label": code, "sign": sign}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"id": "ville-active"}, "l’identifiant de collection « ville-active »"),
        ({"themes": [{"code": "filieres-productions", "label": "X"}]}, "« filieres-productions »"),
        ({"kinds": [{"code": "mention", "label": "X", "plural": "x", "counted": True}]},
         "kinds : « mention » a un autre sens"),
        ({"themes": [{"code": "Eau", "label": "X"}]}, "themes.0.code : « Eau » est mal écrit"),
        ({"themes": [{"code": "none", "label": "X"}]}, "« none »"),
        ({"themes": [{"code": "a", "label": "X"}, {"code": "a", "label": "Y"}]}, "donné deux fois"),
        ({"themes": [theme("a", {"shape": "étoile", "colour": "#000000"})]},
         "« étoile » est inconnu"),
        ({"themes": [theme("a", {"shape": "circle", "colour": "bleu"})]},
         "« bleu » est mal écrit ; écrivez une couleur"),
        ({"title": 2024}, "collection.yaml : title : « 2024 » n’est pas un texte ; mettez-le"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_refused_with_its_place(tmp_path, change, wanted):
    folder = collection(tmp_path / "essai", GOOD | {"theme": "none"}, **({"themes": []} | change))
    told = "\n".join(refused(BOOK, folder))
    assert wanted in told
    assert "collection.yaml" in told


@pytest.mark.parametrize(
    ("sheet", "wanted"),
    [
        ({"id": "usinerie"}, "l’identifiant de projet « usinerie » est déjà de ville-active"),
        ({"id": "62498"}, "« 62498 » ressemble au code d’une commune"),
        ({"id": "2a004"}, "« 2a004 » ressemble au code d’une commune"),
        ({"kind": "usine"}, "kind : « usine » n’est pas dans la liste « kinds » : "),
        ({"theme": "eau"}, "theme : « eau » n’est pas dans la liste « themes »"),
        ({"places": [{"code_insee": 555}]}, "code_insee : « 555 » n’est pas un texte ; mettez-le"),
        ({"places": [{}]}, "places.0.code_insee : manque"),
        ({"title": None}, "title : "),
        ({"collection": "autre"}, "collection : champ inconnu"),
    ],
)
def test_a_project_that_is_not_clear_is_refused_with_its_place(tmp_path, sheet, wanted):
    folder = collection(tmp_path / "essai", themes=[])
    data = written(GOOD | {"theme": "none"}) | sheet
    write(folder, f"projects/{data['id']}.yaml", data)
    told = "\n".join(refused(BOOK, folder))
    assert wanted in told
    assert f"essai : {data['id']}.yaml" in told


def test_a_folder_without_its_head_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(SheetError, match="ne contient pas de fichier collection.yaml"):
        folders()


# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB
_BLIND = (
    np.eye(3),
    np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
              [-0.003882, -0.048116, 1.051998]]),
    np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
              [-0.011820, 0.042940, 0.968881]]),
)  # fmt: skip
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def lab(colour, seen):
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    xyz = _XYZ @ np.clip(seen @ linear, 0, 1) / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_24_themes_have_24_signs_for_every_eye_in_both_themes():
    themes = [{"code": f"t{rank}", "label": f"Thème {rank}"} for rank in range(30)]
    head = parse_collection({"id": "essai", "title": "Essai", "themes": themes}, where="x")
    found = taxonomy([head]).theme_list
    assert all(theme.sign for theme in found)  # more than there are signs: taken again
    for dark in (False, True):
        signs = [theme_symbol(theme, dark=dark) for theme in found[:24]]
        for one, other in itertools.combinations(signs, 2):
            apart = min(
                np.linalg.norm(lab(one.colour, seen) - lab(other.colour, seen)) for seen in _BLIND
            )
            assert one.shape != other.shape or apart >= 20, (dark, one, other)
    assert palette()


def test_each_list_of_the_selection_is_one_row_of_the_filters():
    lists = {one.name for one in fields(Selection) if one.type == tuple[str, ...]}
    assert lists - {"shortlist"} == set(LISTS)


def test_only_collections_read_the_lists_of_themes_and_kinds():
    root = SHIPPED.parents[1]
    for path in [*root.glob("villeactive/**/*.py"), *root.glob("pages/*.py")]:
        if path.parent.name == "collections":
            continue
        text = path.read_text(encoding="utf-8")
        if not re.search(r"\b(terms|label)\s*\(", text):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"terms", "label"}:
                given = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                assert not {"themes", "kinds"} & set(given), f"{path.name} : {ast.unparse(node)}"


def test_the_same_folders_are_read_once():
    assert read_once(folders()) is read_once(folders())
    assert [one.collection.id for one in read_once(folders())] == ["ville-active"]
