"""Programmes are data: one that nobody wrote a line of code for is on every page, map and file."""

import ast
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from villeactive import check
from villeactive import programmes as module
from villeactive.documents.map_files import check_not_empty
from villeactive.errors import DataFileError, VilleActiveError
from villeactive.filtering import apply
from villeactive.geography import referential
from villeactive.maps.scene.spec import MapSpec
from villeactive.programmes import (
    Programme,
    foremost,
    in_order,
    known_programmes,
    labelled,
    of_today,
    territories,
)
from villeactive.selection import Selection

ROOT = Path(__file__).resolve().parents[1]
NAME = "programmes.yaml"

# ---------------------------------------------------------------- no code names a programme


def python_files() -> list[Path]:
    return sorted([*(ROOT / "villeactive").rglob("*.py"), *(ROOT / "pages").glob("*.py")])


def named_in_python(path: Path, names: set[str]) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        f"{path.name}:{node.lineno} {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in names
    ]


def every_name() -> set[str]:
    """Give each way that code could name a programme: its code, its layer on a drawn map."""
    return {*known_programmes(), *(one.drawn_layer for one in known_programmes().values())}


def test_no_module_names_a_programme():
    assert [found for path in python_files() for found in named_in_python(path, every_name())] == []


def test_no_script_names_a_programme():
    quoted = re.compile(rf"""(["'`])(?:{"|".join(map(re.escape, every_name()))})\1""")
    scripts = sorted((ROOT / "villeactive").rglob("*.js"))
    assert len(scripts) > 10
    assert [
        f"{path.name}: {found[0]}"
        for path in scripts
        for found in quoted.finditer(path.read_text(encoding="utf-8"))
    ] == []


# ---------------------------------------------------------------- what the shipped file says


def test_programmes_in_display_order():
    assert list(known_programmes()) == ["ACV", "PVD", "ORT", "FABT", "MANUP", "TI", "TI1"]
    assert in_order(["TI", "ACV", "TI", "XYZ", "PVD"]) == ("ACV", "PVD", "TI")
    assert foremost() == ("ACV", "PVD", "TI", "TI1", "ORT", "FABT", "MANUP")


def test_a_territory_is_no_label_of_its_communes():
    assert labelled() == ("ACV", "PVD", "ORT", "FABT", "MANUP")
    assert territories() == ("TI", "TI1")
    assert known_programmes()["TI"].says == "commune d’un territoire d’industrie (phase 2)"
    assert known_programmes()["TI1"].says == "commune d’un territoire d’industrie (phase 1)"


def test_what_is_over_is_not_of_today():
    assert of_today() == ("ACV", "PVD", "ORT", "FABT", "MANUP", "TI")


@pytest.mark.parametrize(
    ("code", "since", "years"),
    [
        ("PVD", 2021, {2021, 2022, 2023, 2026}),
        ("PVD", None, set()),
        ("FABT", None, set()),
        ("FABT", 2020, set()),
        ("MANUP", None, {2022, 2023, 2026}),
        ("TI", None, {2023, 2026}),
        ("TI1", None, {2018, 2021, 2022}),
    ],
)
def test_years_in_which_a_label_was_surely_carried(code, since, years):
    asked = (2017, 2018, 2021, 2022, 2023, 2026)
    programme = known_programmes()[code]
    assert {year for year in asked if programme.surely_in(year, since)} == years


def test_each_programme_has_a_meaning_of_its_own():
    for one in known_programmes().values():
        assert one.meaning != one.label
        assert one.meaning.endswith(".")


def test_a_programme_cannot_be_changed():
    with pytest.raises(TypeError):
        known_programmes()["ACV"] = known_programmes()["PVD"]
    with pytest.raises(ValueError, match="frozen"):
        known_programmes()["ACV"].label = "Autre"


@pytest.mark.parametrize("code", territories())
def test_a_map_of_territories_alone_is_not_empty(atlas, code):
    nothing = apply(Selection(text="aucune fiche ne dit cela"), atlas)
    spec = MapSpec(layers=(known_programmes()[code].drawn_layer,))
    check_not_empty(nothing, atlas.towns.iloc[:0], spec)
    with pytest.raises(VilleActiveError, match="La sélection est vide"):
        check_not_empty(nothing, atlas.towns.iloc[:0], MapSpec())


# ---------------------------------------------------------------- what is wrong with a file

WHOLE = {
    "code": "BV",
    "label": "Bourgs vivants",
    "meaning": "Programme qui n’existe pas.",
    "scope": "commune",
    "dated": True,
    "default_layer": True,
    "sign": {"shape": "ring", "colour": "#123abc", "radius": 9.0, "width": 1.5},
    "producer": "ANCT",
    "vintage": "2026-01-05",
}


@pytest.fixture
def other_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "GEODATA", tmp_path)
    kept = [one for one in vars(module).values() if hasattr(one, "cache_clear")]
    for one in kept:
        one.cache_clear()
    yield tmp_path
    for one in kept:
        one.cache_clear()


def told(folder: Path, *entries: object) -> list[str]:
    """Give the faults of a file that holds these entries."""
    (folder / NAME).write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(DataFileError) as error:
        known_programmes()
    return str(error.value).splitlines()


def test_what_goes_without_saying_is_filled_in():
    one = Programme.model_validate(WHOLE)
    assert (one.short, one.name, one.says, one.cited) == (
        *["Bourgs vivants"] * 3,
        "Bourgs vivants 2026",
    )
    assert (one.column, one.heading) == ("bv_since", "Bourgs vivants depuis")
    assert (one.drawn_layer, one.told_by, one.sign.colour) == ("towns:BV", "since", "#123ABC")
    sites = Programme.model_validate(WHOLE | {"dated": False})
    assert (sites.column, sites.heading, sites.told_by) == ("bv_sites", "Bourgs vivants", "site")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": None},
         "label : une valeur vide n’est pas un texte ; mettez-le entre guillemets"),
        ({"short": ""}, "short : texte vide ; écrivez-le ou retirez le champ"),
        ({"scope": "canton"}, "scope : « canton » est inconnu ; écrivez l’une de ces valeurs : "
                              "commune, territory"),
        ({"dated": "oui"}, "dated : « oui » n’est ni oui ni non ; écrivez « true » ou « false »"),
        ({"couleur": "bleu"}, "couleur : champ inconnu ; corrigez son nom ou retirez-le"),
        ({"vintage": 2026}, "vintage : « 2026 » n’est pas un texte ; mettez-le entre guillemets"),
        ({"sign": WHOLE["sign"] | {"colour": "bleu"}},
         "sign.colour : « bleu » est mal écrit ; écrivez une couleur : « #RRVVBB », entre "
         "guillemets"),
        ({"sign": WHOLE["sign"] | {"shape": "étoile"}},
         "sign.shape : « étoile » est inconnu ; écrivez l’une de ces valeurs : dot, ring, square, "
         "diamond, hatch"),
        ({"sign": WHOLE["sign"] | {"radius": 0}},
         "sign.radius : « 0 » est trop petit ; donnez un nombre plus grand que 0"),
        ({"sign": WHOLE["sign"] | {"shape": "hatch"}},
         "programme : « hatch » est le signe de « scope: territory », et de lui seul"),
        ({"phase": 2}, "programme : « phase » va avec « scope: territory », et lui seul"),
    ],
)  # fmt: skip
def test_a_fault_names_file_entry_and_field(other_folder, change, said):
    assert told(other_folder, WHOLE | change) == [f"{NAME} : BV : {said}"]


def test_all_faults_are_told_at_once(other_folder):
    lacking = {key: value for key, value in WHOLE.items() if key not in {"label", "sign"}}
    assert told(other_folder, WHOLE, lacking | {"code": "bv"}, "PVD") == [
        f"{NAME} : bv : code : « bv » est mal écrit ; écrivez des majuscules sans accent et des "
        "chiffres : « PVD »",
        f"{NAME} : bv : label : manque ; ajoutez ce champ",
        f"{NAME} : bv : sign : manque ; ajoutez ce champ",
        f"{NAME} : entrée 3 : programme : « PVD » n’est pas une suite de champs ; écrivez "
        "« champ: valeur », par exemple « fr: … »",
    ]


def test_two_programmes_share_nothing_that_tells_them_apart(other_folder):
    other = WHOLE | {"code": "BW", "label": "Bourgs verts"}
    assert told(other_folder, WHOLE, WHOLE) == [
        f"{NAME} : BV : code : « BV » est déjà pris par BV",
        f"{NAME} : BV : label : « Bourgs vivants » est déjà pris par BV",
        f"{NAME} : BV : column : « bv_since » est déjà pris par BV",
    ]
    assert told(other_folder, WHOLE, other | {"phase_of": "TI"}) == [
        f"{NAME} : BW : phase_of : « TI » n’est le code d’aucun autre programme"
    ]
    assert told(other_folder, WHOLE | {"default_layer": False}) == [
        f"{NAME} : donnez « default_layer: true » à un programme au moins"
    ]
    many = [WHOLE | {"code": f"B{rank}", "label": f"Bourgs {rank}"} for rank in range(32)]
    assert told(other_folder, *many) == [f"{NAME} : 32 programmes ; la carte en tient 31 au plus"]


@pytest.mark.parametrize("content", [None, "- {", "label: x", "[]", "- a\n- a: 1\n  a: 2\n"])
def test_a_damaged_file_is_one_sentence(other_folder, content):
    if content is not None:
        (other_folder / NAME).write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError, match=f"^{NAME} : .*Corrigez-le ou rétablissez-le"):
        known_programmes()


def test_check_holds_the_lists_against_their_entries(atlas, monkeypatch):
    entries = dict(known_programmes())
    entries["PVD"] = entries["PVD"].model_copy(update={"vintage": "2020-01-01", "communes": 3})
    entries["ORT"] = entries["ORT"].model_copy(update={"producer": "INSEE"})
    monkeypatch.setattr(check, "known_programmes", lambda: entries)
    assert list(check._carried(atlas).faults) == [
        "PVD : 1646 communes au lieu de 3",
        f"{NAME} : ORT : producer : « INSEE », la table dit « DGALN »",
        f"{NAME} : PVD : vintage : « 2020-01-01 », la table dit « 2026-04-27 »",
    ]


# ---------------------------------------------------------------- a programme of nobody's

ENTRY = """
- code: BV
  label: {fr: Bourgs vivants}
  meaning: {fr: "Programme qui n’existe pas, pour les bourgs."}
  scope: commune
  dated: true
  sign: {shape: square, colour: "#0A5F8A", radius: 15.0, width: 1.4}
  producer: Ministère
  vintage: "2026-01-05"
  communes: 3
"""
TOWNS = {"01004": "2024-02-01", "23008": "2023-05-04", "97110": "2024-03-01"}
"""Ambérieu-en-Bugey and Aubusson, which carry others too; La Désirade, which carries none."""

ROWS = "".join(f"BV,{code},,{since},,,,,2026-01-05,Ministère\n" for code, since in TOWNS.items())

LOOK = """
import io
import json
import threading
from contextlib import redirect_stdout
from datetime import date
from streamlit.testing.v1 import AppTest
from villeactive.atlas import read_atlas
from villeactive.cli import main
from villeactive.filtering import apply, apply_to_towns
from villeactive.maps.scene.spec import MapSpec
from villeactive.documents.brief_slides import _sources
from villeactive.documents.town_slide import town_scene
from villeactive.maps.web import folium_map
from villeactive.selection import Selection
from villeactive.documents.list_files import list_file, towns_listing
from villeactive.ui.parts.results import _constants

def seen(page, **query):
    test = AppTest.from_file("app.py", default_timeout=60)
    test.run()
    if page != "carte":
        test.switch_page(f"pages/{page}.py")
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    kinds = ("subheader", "markdown", "caption")
    said = [str(e.value) for kind in kinds for e in getattr(test, kind)]
    widgets = [w for kind in ("pills", "multiselect") for w in test.get(kind)]
    choices = [getattr(o, "content", o) for w in widgets for o in w.proto.options]
    return {"said": said + [e.proto.body for e in test.get("html")], "choices": choices,
            "help": [w.proto.help for w in test.markdown]}

def printed(*command):
    with redirect_stdout(io.StringIO()) as said:
        try:
            code = main(command)
        except SystemExit as ended:  # as --help ends
            code = ended.code
    assert code == 0, command
    return said.getvalue()

atlas = read_atlas()
asked = Selection(programme=("BV",))
towns = apply_to_towns(asked, atlas.towns, atlas)
group = folium_map.site_group(
    apply(asked, atlas).sites, taxonomy=atlas.taxonomy, layers=("BV",), counts={"BV": 3}
)
state = next(child.state for child in group._children.values() if hasattr(child, "state"))
scene = town_scene("97110", atlas, spec=MapSpec(date="2026-11-28"))
day = date(2026, 11, 28)
KINDS = ("csv", "xlsx", "geojson")
listing = towns_listing(towns, atlas, title="Villes")
for ending in ("svg", "pptx", "html"):
    printed("map", "--layers", "towns:BV", "--date", "2026-11-28", f"carte.{ending}")
print(json.dumps({
    "check": printed("check"),
    "table": printed("towns", "--programme", "BV"),
    "help": printed("towns", "--help"),
    "by name": printed("towns", "--programme", "bourgs vivants", "--format", "json"),
    "projects": printed("projects", "--programme", "BV", "--format", "json"),
    "carte": seen("carte"),
    "atelier": seen("atelier"),
    "villes": seen("villes", programme="BV"),
    "commune": seen("commune", commune="97110"),
    "méthode": seen("methode"),
    "constants": folium_map.constants(atlas.taxonomy, dark=False),
    "state": state,
    "list": json.loads(_constants(atlas.taxonomy, dark=False)),
    "brief": _sources(atlas),
    "town slide": [str(item) for layer in scene.layers for item in layer.items],
    "files": {kind: list(list_file(kind, listing, day=day)) for kind in KINDS},
}))
# a thread that still works as Python ends may abort the process
for waiting in threading.enumerate():
    if isinstance(waiting, threading.Timer):
        waiting.cancel()
        waiting.join()
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Give a copy of the repository whose data hold one programme more; not a line of code is."""
    folder = tmp_path_factory.mktemp("programme")
    for name in ("villeactive", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "app.py", folder)
    outlines = folder / "geodata" / "outlines"
    shutil.copytree(
        ROOT / "geodata", folder / "geodata", ignore=lambda *_: {"outlines", "__pycache__"}
    )
    shutil.copytree(ROOT / "geodata" / "outlines", outlines, copy_function=os.symlink)
    for made in ("towns.json", "divisions.json"):
        (outlines / made).unlink()
    for name, more in ((NAME, ENTRY), ("programmes.csv", ROWS)):
        with (folder / "geodata" / name).open("a", encoding="utf-8") as file:
            file.write(more)
    run(folder, "geodata/rebuild.py", "--only", "towns")
    return folder


def run(folder: Path, *command: str) -> str:
    """Run Python in a folder; give what it printed."""
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def look(copy):
    return json.loads(run(copy, "-c", LOOK))


def test_the_data_with_one_programme_more_are_good(look):
    assert "Tout est bon." in look["check"]


def test_its_towns_are_listed_by_code_and_by_name(look):
    assert "3 communes · Bourgs vivants" in look["table"]
    found = json.loads(look["by name"])
    assert [row["code_insee"] for row in found] == list(TOWNS)
    assert "TI1 (phase 1) ou BV" in " ".join(look["help"].split())


def test_a_project_of_its_towns_says_so(look):
    found = json.loads(look["projects"])
    assert [record["id"] for record in found] == ["lainamac"]
    assert found[0]["programmes"][-1] == "BV"
    assert {"code": "BV", "since": "2023-05-04", "phase": None} in found[0]["places"][0][
        "programmes"
    ]


@pytest.mark.parametrize("ending", ["svg", "pptx", "html"])
@pytest.mark.usefixtures("look")
def test_it_is_drawn_with_its_legend(copy, ending):
    target = copy / f"carte.{ending}"
    if ending == "pptx":
        from pptx import Presentation

        slide = Presentation(str(target)).slides[0]
        said = "\n".join(element.text or "" for element in slide.element.iter() if element.text)
    else:
        said = target.read_text(encoding="utf-8")
    assert "Bourgs vivants" in said
    if ending == "html":
        towns = re.search(r'id="va-file-towns.json">(.*?)</script>', said, re.DOTALL)[1]
        assert json.loads(towns)["programmes"][-1] == "BV"
        assert '"BV":{"shape":"square","colour":"#0A5F8A"' in said
    else:
        assert "Aubusson" in said
        assert "3 communes" in said.replace("\u202f", " ").replace("\u00a0", " ")


def test_it_is_among_the_filters_and_the_layers(look):
    assert look["carte"]["choices"].count("Bourgs vivants") == 2
    assert any("Programme qui n’existe pas" in text for text in look["carte"]["help"])
    assert "Bourgs vivants" in look["atelier"]["choices"]
    assert "Bourgs vivants" in look["villes"]["choices"]


def test_it_is_on_the_map_of_the_page(look, copy):
    constants = look["constants"]
    assert constants["marks"]["BV"]["shape"] == "square"
    assert constants["programmes"][-1] == "BV"
    assert constants["legend"]["BV"]["label"] == "Bourgs vivants"
    assert constants["credit"].endswith("ANCT, DGALN, Ministère")
    assert look["state"]["layers"] == ["BV"]
    assert ["BV", 3] in look["state"]["legend"]
    towns = json.loads((copy / "geodata" / "outlines" / "towns.json").read_text(encoding="utf-8"))
    bit = 1 << towns["programmes"].index("BV")
    assert [code for code, *_, bits in towns["towns"] if bits & bit] == list(TOWNS)


def test_its_towns_are_told_on_the_pages(look):
    assert any("3 communes labellisées" in text for text in look["villes"]["said"])
    assert any("Bourgs vivants" in text for text in look["villes"]["said"])
    assert any("1er mars 2024" in text.replace("\u00a0", " ") for text in look["commune"]["said"])
    assert look["list"]["words"]["BV"][0] == "Bourgs vivants"
    assert any("Bourgs vivants" in text for text in look["town slide"])


def test_the_glossary_and_the_sources_tell_it(look):
    said = "\n".join(look["méthode"]["said"]).replace("\\", "")
    assert "Programme qui n’existe pas, pour les bourgs." in said
    assert "Ministère (Bourgs vivants 2026)" in said
    assert "ANCT, DGALN, Ministère" in look["brief"]
    assert any("ANCT, DGALN, Ministère" in text for text in look["town slide"])
    assert "5 janvier 2026" in said.replace("\u00a0", " ")


def test_its_column_is_in_the_files(look):
    from openpyxl import load_workbook

    files = {ending: bytes(content) for ending, content in look["files"].items()}
    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig")), delimiter=";"))
    header = next(row for row in rows if "Code INSEE" in row)
    assert "Bourgs vivants depuis" in header
    sheets = load_workbook(io.BytesIO(files["xlsx"]))
    cells = {cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert "Bourgs vivants depuis" in cells
    towns = json.loads(files["geojson"])["features"]
    since = {t["properties"]["code_insee"]: t["properties"]["bv_since"] for t in towns}
    assert since == TOWNS


def test_a_row_of_a_programme_without_entry_is_told(copy):
    listed = copy / "geodata" / "programmes.csv"
    whole = listed.read_bytes()
    listed.write_bytes(whole + b"ZZZ,01004,,,,,,,2026,ANCT\n")
    done = subprocess.run(
        [sys.executable, "-m", "villeactive", "towns"],
        cwd=copy, capture_output=True, text=True, check=False,
    )  # fmt: skip
    listed.write_bytes(whole)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "programmes.csv : programmes inconnus : ZZZ" in done.stderr


def test_every_row_has_its_entry():
    assert set(referential.read_programmes()["programme"]) <= set(known_programmes())
