"""The net: what every export gives, for a dozen selections, is what exports_net.json holds.

A difference is wanted, and told in its commit, or it is a bug. RENEW makes the file anew.
"""

import io
import json
import os
from contextlib import redirect_stdout
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import export_parts as read
import pytest

from tests.shipped import read_atlas
from villeactive.analysis.similar_towns import inspiring, similar
from villeactive.cli import main
from villeactive.documents.brief import brief_pdf, note_of, visits_pptx
from villeactive.documents.brief_slides import brief_pptx
from villeactive.documents.csv_geojson import projects_table
from villeactive.documents.decks import deck_file
from villeactive.documents.list_files import (
    gathered_xlsx,
    list_file,
    projects_listing,
    towns_listing,
)
from villeactive.documents.map_files import map_file
from villeactive.documents.project_sheet import sheet_pdf
from villeactive.filtering import apply, apply_to_towns
from villeactive.maps.scene.extent import extent_of
from villeactive.maps.scene.similar_towns_map import alike_svg
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import from_query, split
from villeactive.tables.located import locate_file
from villeactive.wording.comparison import aspects, quantities

NET = Path(__file__).with_name("exports_net.json")
RENEW = "python -m pytest tests/test_exports_net.py --renew-net"
DAY = date(2026, 11, 23)

# name → filters, as an address says them
SELECTIONS = {
    "tout": {},
    "Bretagne": {"region": "53"},
    "La Réunion": {"departement": "974"},
    "Pas-de-Calais": {"departement": "62"},
    "un EPCI": {"epci": "200068781"},
    "PVD": {"programme": "PVD"},
    "un thème": {"theme": "apprendre-travailler"},
    "des mots": {"text": "tiers lieu"},
    "un projet": {"text": "usinerie"},
    "près de Lens": {"near": "62498", "within": "60"},
    "rien": {"region": "94", "text": "usinerie"},
    "Occitanie, couches": {"region": "76", "kind": "projet,outil,initiative,mention"},
}
LAYERS = {
    "Occitanie, couches": ("projects", "mentions", "towns:ACV", "towns:PVD", "towns:ORT",
                           "towns:FABT", "towns:MANUP", "ti"),
    "PVD": ("towns:PVD",),
}  # fmt: skip

SHORTLISTS = {
    "projets et communes": "usinerie,97411",
    "communes": "56121,2A004",
}
COMPARED = {
    "deux": "usinerie,shop-in-romans",
    "quatre": "usinerie,lainamac,corpoworking,lens-ecole-production",
}
PLACES = ("Lens", "Saint-Denis", "Nullepart-les-Bains")
TABLE = "projet;commune;departement\nA;Lens;62\nB;Saint-Denis;\nC;Nullepart-les-Bains;\nD;56121;\n"


# ---------------------------------------------------------- an export: what is asked → its bytes


def selection(subject):
    found, dropped = from_query(SELECTIONS[subject], read_atlas())
    assert not dropped, dropped
    return found


def applied(subject):
    return apply(selection(subject), read_atlas())


def towns(subject):
    return apply_to_towns(selection(subject), read_atlas().towns, read_atlas())


def projects(subject):
    return projects_table(applied(subject).listed(selection(subject), read_atlas()), read_atlas())


def spec(subject, **asked):
    layers = {"layers": LAYERS[subject]} if subject in LAYERS else {}
    extent = extent_of(selection(subject))
    return MapSpec(**{"extent": extent, "date": DAY.isoformat(), **layers, **asked})


def drawn(kind, **asked):
    return lambda subject: map_file(
        kind, selection(subject), read_atlas(), spec=spec(subject, **asked), dpi=96
    )


def deck(kind, by):
    return lambda subject: deck_file(
        kind, applied(subject), read_atlas(), by=by, spec=MapSpec(date=DAY.isoformat()),
        selection=selection(subject),
    )  # fmt: skip


def gathered(subject):
    return tuple(SHORTLISTS[subject].split(","))


def gathered_deck(kind):
    def made(subject):
        sheets, communes = split(gathered(subject), read_atlas())
        wish = MapSpec(date=DAY.isoformat())
        return deck_file(kind, sheets, read_atlas(), by="project", spec=wish, communes=communes)

    return made


def printed(*words):
    """Give what the command line prints for the filters of a selection."""

    def made(subject):
        filters = [(f"--{key}", one) for key, value in SELECTIONS.get(subject, {}).items()
                   for one in (value.split(",") if key == "kind" else [value])]  # fmt: skip
        asked = [word.format(subject) for word in words]
        with redirect_stdout(io.StringIO()) as said:
            code = main([*asked, *(word for pair in filters for word in pair)])
        assert code != 2, f"la commande « {' '.join(asked)} » est refusée"
        return said.getvalue().encode()

    return made


def alike_map(subject):
    atlas = read_atlas()
    best = inspiring(subject, atlas).head(3)
    sites = atlas.sites[atlas.sites["project"].isin(best.index)]
    return alike_svg(subject, list(similar(subject, atlas).index), sites, atlas).encode()


def compared(subject):
    ids = COMPARED[subject].split(",")
    rows = [*quantities(ids, read_atlas()), *aspects(ids, read_atlas())]
    told = {row.name: [row.shared, *((c.said, c.apart, c.value) for c in row.cells)]
            for row in rows}  # fmt: skip
    return json.dumps(told).encode()


def located(ending):
    def made(_subject):
        with TemporaryDirectory() as folder:
            source, target = Path(folder) / "lieux.csv", Path(folder) / f"faits.{ending}"
            source.write_text(TABLE, encoding="utf-8")
            locate_file(source, target)
            return target.read_bytes()

    return made


def of_list(kind):
    """Give what the list of projects gives as a file."""

    def made(subject):
        listing = projects_listing(applied(subject), selection(subject), read_atlas(), **TITLE)
        return list_file(kind, listing, day=DAY)

    return made


def of_towns(kind):
    """Give what the list of towns gives as a file."""
    return lambda subject: list_file(
        kind, towns_listing(towns(subject), read_atlas(), **TITLE), day=DAY
    )


def of_town(write):
    return lambda subject: write(note_of(subject, read_atlas(), day=DAY), read_atlas())


ALL, TWO, THREE = tuple(SELECTIONS), ("tout", "Bretagne"), ("Bretagne", "La Réunion", "rien")
SMALL = ("Bretagne", "La Réunion")
TOWNS, SHEETS = ("62498", "97411"), ("usinerie", "lainamac", "saint-omer-la-station")
TITLE = {"title": "Une liste"}

# name → what makes it, what parts it, for what
EXPORTS = {
    "projects json": (printed("projects", "--format", "json"), read.values, ALL),
    "projects csv": (printed("projects", "--format", "csv"), read.delimited, ALL),
    "projects geojson": (printed("projects", "--format", "geojson"), read.values, ALL),
    "projects table": (printed("projects"), read.lines, ALL),
    "towns json": (printed("towns", "--format", "json"), read.values, ALL),
    "towns csv": (printed("towns", "--format", "csv"), read.delimited, ALL),
    "towns geojson": (printed("towns", "--format", "geojson"), read.values, ALL),
    "towns table": (printed("towns"), read.lines, THREE),
    "towns --all csv": (printed("towns", "--all", "--format", "csv"), read.delimited, THREE),
    "similar json": (printed("similar", "{}", "--format", "json"), read.values, TOWNS),
    "locate json": (printed("locate", "{}", "--format", "json"), read.values, PLACES),
    "locate": (printed("locate", "{}"), read.lines, PLACES),
    "locate csv": (located("csv"), read.delimited, ("un tableau",)),
    "locate xlsx": (located("xlsx"), partial(read.office, dated=False), ("un tableau",)),
    "locate json, tableau": (located("json"), read.values, ("un tableau",)),
    "locate geojson": (located("geojson"), read.values, ("un tableau",)),
    "liste csv": (of_list("csv"), read.delimited, ALL),
    "liste xlsx": (of_list("xlsx"), read.office, (*TWO, "rien")),
    "liste geojson": (of_list("geojson"), read.values, (*TWO, "Occitanie, couches")),
    "liste gpkg": (of_list("gpkg"), read.geopackage, SMALL),
    "liste parquet": (of_list("parquet"), read.parquet, SMALL),
    "villes csv": (of_towns("csv"), read.delimited, TWO),
    "villes xlsx": (of_towns("xlsx"), read.office, ("La Réunion", "rien")),
    "villes geojson": (of_towns("geojson"), read.values, TWO),
    "villes gpkg": (of_towns("gpkg"), read.geopackage, SMALL),
    "villes parquet": (of_towns("parquet"), read.parquet, SMALL),
    "carte svg": (drawn("svg"), read.drawing, ALL),
    "carte svg meeting": (drawn("svg", layout="meeting", labels="numbers"), read.drawing, SMALL),
    "carte svg a4": (drawn("svg", layout="a4", style="mono"), read.drawing, SMALL),
    "carte svg a4-landscape": (
        drawn("svg", layout="a4-landscape", labels="titles", title="Un titre", footer="Un pied"),
        read.drawing, SMALL),
    "carte svg, ronds": (drawn("svg", layers=("circles:region",), overseas=True),
                         read.drawing, ("un thème", "des mots")),
    "carte svg, parts": (drawn("svg", layers=("share:departement",), labels="none"),
                         read.drawing, ("tout", "La Réunion")),
    "carte png": (drawn("png"), read.picture, ("Bretagne", "Occitanie, couches")),
    "carte pdf": (drawn("pdf"), read.pages, ("Bretagne", "La Réunion")),
    "carte pptx": (drawn("pptx"), read.office, ("La Réunion", "Occitanie, couches")),
    "carte html": (drawn("html"), read.web_page, ("tout", "rien", "Occitanie, couches")),
    "diaporama pptx, régions": (deck("pptx", "region"), read.office, ("Bretagne", "un EPCI")),
    "diaporama pptx, projets": (
        deck("pptx", "project"), read.office, ("Pas-de-Calais", "un projet")),
    "diaporama pdf": (deck("pdf", "region"), read.pages, ("un EPCI", "un projet")),
    "ma sélection pptx": (gathered_deck("pptx"), read.office, SHORTLISTS),
    "ma sélection pdf": (gathered_deck("pdf"), read.pages, SHORTLISTS),
    "ma sélection xlsx": (lambda subject: gathered_xlsx(gathered(subject), read_atlas(), day=DAY),
                          read.office, SHORTLISTS),
    "fiche pdf": (lambda subject: sheet_pdf(read_atlas().sheets[subject], read_atlas(), day=DAY),
                  read.pages, SHEETS),
    "note pdf": (of_town(brief_pdf), read.pages, TOWNS),
    "note pptx": (of_town(brief_pptx), read.office, TOWNS),
    "projets à visiter pptx": (of_town(visits_pptx), read.office, TOWNS),
    "villes comme, carte svg": (alike_map, read.drawing, TOWNS),
    "comparaison": (compared, read.values, COMPARED),
}  # fmt: skip
CASES = [(export, subject) for export, (_, _, subjects) in EXPORTS.items() for subject in subjects]


def written(held):
    """Write a line a case, so that a comparison of versions shows which cases changed."""
    exports = []
    for export, (_, _, subjects) in EXPORTS.items():
        found = held.get(export, {})
        rows = [f"  {compact(s)}: {compact(found[s])}" for s in subjects if s in found]
        exports.append(f" {compact(export)}: {{\n" + ",\n".join(rows) + "\n }")
    return "{\n" + ",\n".join(exports) + "\n}\n"


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.fixture(scope="module")
def renewed(request):
    return request.config.getoption("--renew-net")


@pytest.fixture(scope="module")
def net(renewed):
    """Give what the net holds, export → selection → part → print; write it when renewed."""
    if renewed and "PYTEST_XDIST_WORKER" in os.environ:
        pytest.exit(f"un filet s’écrit en un seul processus, sans -n : {RENEW}")
    held = json.loads(NET.read_text(encoding="utf-8")) if NET.exists() else {}
    yield held
    if renewed:
        NET.write_text(written(held), encoding="utf-8")


@pytest.mark.parametrize(("export", "subject"), CASES, ids=map(" · ".join, CASES))
def test_an_export_gives_what_the_net_holds(export, subject, net, renewed):
    make, part, _ = EXPORTS[export]
    parts = part(make(subject))
    if renewed:
        net.setdefault(export, {})[subject] = parts
        return
    held = net.get(export, {}).get(subject, {})
    apart = [name for name in {**held, **parts} if held.get(name) != parts.get(name)]
    assert not apart, (
        f"« {export} », sélection « {subject} » : diffère dans {', '.join(apart)}. "
        f"Une faute, ou voulu : dites-le dans le commit et refaites le filet par {RENEW}"
    )


def test_the_net_holds_these_cases_alone(renewed):
    if renewed:
        pytest.skip("le filet s’écrit quand ce module finit")
    held = json.loads(NET.read_text(encoding="utf-8"))
    cases = [(export, subject) for export, found in held.items() for subject in found]
    assert cases == CASES, f"les cas ont changé : refaites le filet par {RENEW}"
