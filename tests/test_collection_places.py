"""Projects of a territory, of a point, of no place: read, filtered, drawn and told."""

import pytest

from tests.sheet_cases import write
from tests.test_pages import run, words
from villeactive.analysis.proximity import projects_within
from villeactive.analysis.search import find
from villeactive.analysis.similar_towns import inspiring
from villeactive.atlas import read_atlas
from villeactive.cli import main
from villeactive.collections.project import parse_project
from villeactive.collections.stores import VARIABLE
from villeactive.errors import SheetError
from villeactive.facets import Choices
from villeactive.filtering import apply
from villeactive.frames import UNLOCATED
from villeactive.selection import Selection

WIDER = {
    "quelque-part": {"title": "Un guide sans lieu", "theme": "eau"},
    "haies": {"title": "Des haies", "places": [{"departement": "23"}]},
    "navettes": {"title": "Des navettes", "places": [{"siren": "200040277"}]},
    "trame": {"title": "Une trame", "places": [{"region": "94", "name": "Corse entière"}]},
    "phare": {
        "title": "Un phare",
        "places": [{"code_insee": "2A004", "lon": 8.6, "lat": 41.9}],
        "fields": {"État": "engagé", "Publics": ["élus", "habitants"]},
        "amounts": {"Subvention": 26112.5},
    },
}
"""Projects of a territory, of a point, of none."""
HEAD = {"id": "essai", "title": "Cinq essais", "themes": [{"code": "eau", "label": "Eau"}]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give the folder of five projects."""
    made = tmp_path_factory.mktemp("collections") / "essai"
    write(made, "collection.yaml", HEAD)
    for name, data in WIDER.items():
        write(made, f"projects/{name}.yaml", {"id": name, **data})
    return made


@pytest.fixture(scope="module")
def alone(folder):
    """Read the five projects alone."""
    return read_atlas([folder])


@pytest.fixture
def served(folder, monkeypatch):
    """Read them beside the book, as the server and the command line do."""
    monkeypatch.setenv(VARIABLE, str(folder))
    yield


def kept(atlas, **filters):
    return set(apply(Selection(**filters), atlas).projects.index)


def test_a_territory_is_drawn_at_its_seat_and_says_its_name(alone):
    told = {name: alone.sheets[name].first for name in ("haies", "navettes", "trame")}
    assert [(one.scale, one.code_insee, one.name) for one in told.values()] == [
        ("departement", "23096", "Creuse"),
        ("epci", "28134", "CA Agglo du Pays de Dreux"),
        ("region", "2A004", "Corse entière"),
    ]


def test_a_filter_takes_a_territory_by_all_its_members(alone):
    assert kept(alone, region=("28",)) == kept(alone, region=("24",)) == {"navettes"}
    assert kept(alone, departement=("27",)) == kept(alone, departement=("28",)) == {"navettes"}
    assert kept(alone, departement=("2B",)) == {"trame"}
    assert kept(alone, epci=("200040277",)) == {"navettes"}
    # the symbol of a département stands in its préfecture, which is not where the project is
    assert kept(alone, epci=(alone.communes.loc["23096", "epci"],)) == set()
    counts = Choices(Selection(), alone).counts
    assert counts["departement"] == {"23": 1, "27": 1, "28": 1, "2A": 2, "2B": 1}
    assert counts["region"] == {"75": 1, "28": 1, "24": 1, "94": 2}


def test_what_has_no_place_is_listed_and_counted_and_no_place_keeps_it(alone):
    applied = apply(Selection(), alone)
    assert "quelque-part" in applied.counted.index
    assert applied.sentence(Selection(), alone) == "5 projets, dont 1 non localisé"
    assert kept(alone, theme=("eau",)) == {"quelque-part"}
    for filters in ({"max_population": 10**7}, {"near": "23096", "within": 300}):
        assert "quelque-part" not in kept(alone, **filters)
    assert alone.projects.loc["quelque-part", ["town", "n_sites"]].tolist() == [UNLOCATED, 0]


def test_what_has_no_place_is_near_no_town_and_is_found_by_its_words(alone):
    for town in ("23096", alone.communes.index[-1]):
        assert "quelque-part" not in inspiring(town, alone).index
        assert "quelque-part" not in projects_within(town, 20_000, alone).index
    (hit,) = [one for one in find("guide sans lieu", alone) if one.id == "quelque-part"]
    assert hit.detail.endswith(UNLOCATED)


def test_a_point_given_is_where_it_is_drawn(alone):
    site = alone.sites.set_index("project").loc["phare"]
    assert (site.geometry.x, site.geometry.y) == (8.6, 41.9)
    assert site["town"] == "Ajaccio"


def test_what_a_table_says_stays_in_order(alone):
    phare = alone.sheets["phare"]
    assert list(phare.fields.items()) == [("État", "engagé"), ("Publics", ["élus", "habitants"])]
    assert phare.amounts == {"Subvention": 26112.5}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"siren": "123456789"}, "siren : « 123456789 » n’est le code d’aucun territoire"),
        ({"departement": 23}, "departement : « 23 » n’est le code d’aucun territoire ; donnez un"),
        ({"region": "94", "departement": "2A"}, "gardez un seul territoire"),
        ({"code_insee": "2A004", "lon": 8.7}, "un point a deux coordonnées"),
        ({"code_insee": "2A004", "lon": 8.7, "lat": 91}, "lat : « 91 » est trop grand"),
        ({"name": "Ici"}, "code_insee : manque"),
    ],
)
def test_a_place_that_is_not_clear_is_refused(place, said):
    with pytest.raises(SheetError) as caught:
        parse_project({"id": "a", "title": "A", "places": [place], "collection": "x",
                     "kind": "projet"}, where="x : a.yaml")  # fmt: skip
    assert said in str(caught.value)


PAGES = ("carte", "themes", "acteurs", "commune", "ma_ville", "methode", "atelier", "villes")


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("page", PAGES)
def test_each_page_shows_them(page):
    shown = run("app.py", f"pages/{page}.py", collection="essai", commune="23096", town="23096")
    assert not shown.exception


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("project", WIDER)
def test_each_has_its_page(project):
    shown = run("app.py", "pages/projet.py", projet=project)
    assert not shown.exception
    assert WIDER[project]["title"] in words(shown)


@pytest.mark.usefixtures("served")
def test_each_leaves_in_every_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    chosen = ["--collection", "essai"]
    for name in ("carte.svg", "carte.html", "carte.pdf", "carte.pptx"):
        assert main(["map", name, *chosen]) == 0
    assert "1 non localisé" in (tmp_path / "carte.svg").read_text(encoding="utf-8")
    for project in WIDER:
        assert main(["sheet", project, f"{project}.pdf", *chosen]) == 0
    assert main(["deck", "tout.pptx", *chosen]) == 0
    assert main(["check", *chosen]) == 0
    capsys.readouterr()
    for style in ("json", "csv", "geojson", "table"):
        assert main(["projects", "--format", style, *chosen]) == 0
        said = capsys.readouterr().out
        assert "quelque-part" in said
