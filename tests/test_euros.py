"""Euros by territory: one sum on the page, on paper, in decks; kinds never added, gaps said."""

import base64
import io
import json
import re
from collections import defaultdict

import pandas as pd
import pytest
from pptx import Presentation

from tests.kept_table import with_table
from tests.test_pages import address, run
from villeactive.analysis import figures
from villeactive.atlas import read_atlas
from villeactive.cli import main
from villeactive.collections.own_columns import OwnColumn
from villeactive.documents.decks import deck_file
from villeactive.documents.map_files import map_file, map_scene
from villeactive.errors import UnknownValueError
from villeactive.filtering import apply
from villeactive.layers import LEVELS
from villeactive.maps.scene.spec import MapSpec
from villeactive.maps.web import figures as web_figures
from villeactive.maps.web.folium_map import Sources, base_map, site_group
from villeactive.selection import Selection, from_query
from villeactive.text import short_euros
from villeactive.wording import figures as wording

TABLE = """Commune;Intitulé;Subvention;Coût total
Lens;Halle;100 000 €;400 000 €
Lens;Place;-5 000 €;
Arras;École;-7 000,50 €;3 000 €
Dieppe;Port;0 €;20 000 €
Dieppe;Quai;10 000 € | 20 000 €;5 000 €
Rennes;Marché;250 000 €;900 000 €
Vannes;Bassin;75 000 €;300 000 €
Lorient;Base;1 200 000 €;5 000 000 €
Île-de-Bréhat;Phare;9 000 €;10 000 €
Département de la Creuse;Haies;30 000 €;31 000 €
Saint-Denis (974);Fab lab;1 234 567 €;
Laval (53);Verger;;
Laon;Rempart;-800 €;
;Nulle part;7 000 €;8 000 €
"""
HEADERS = {"subvention": "Subvention", "cout-total": "Coût total"}
OWN = Selection(collection=("appel",))


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    """Read the table beside the book."""
    with pytest.MonkeyPatch.context() as patch:
        yield with_table(TABLE, tmp_path_factory.mktemp("appel"), patch)


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f\v]", " ", text)


def by_hand(capsys, slug, level):
    """Add what ``projects --format json`` prints: code → euros."""
    assert main(["projects", "--collection", "appel", "--format", "json"]) == 0
    found = defaultdict(float)
    for one in json.loads(capsys.readouterr().out):
        cell = re.sub(r"\s", "", one["fields"].get(HEADERS[slug], ""))
        if not one["places"] or not re.fullmatch(r"-?[\d,]+€", cell):
            continue
        place = one["places"][0]
        own = {"town": place["code_insee"], "epci": (place["epci"] or {}).get("siren"),
               "departement": place["departement"]["code"],
               "region": place["region"]["code"]}[level]  # fmt: skip
        if own and (place["scale"] != "departement" or level in ("departement", "region")):
            found[own] += float(cell.rstrip("€").replace(",", "."))
    return dict(found)


def sums(atlas, slug, level, selection=OWN):
    """Sum as the page and the drawn maps do."""
    applied = apply(selection, atlas)
    return figures.summed(*figures.located(applied), atlas.own_columns[slug], level)


def circles(scene) -> list[str]:
    """Read the names of the circles of a scene."""
    signs = scene.layer("territoires")
    return sorted(plain(one.name) for one in signs if getattr(one, "role", "") == "circle")


def texts_of(shapes):
    """Read the texts of a slide, those of its groups too."""
    for one in shapes:
        if one.has_text_frame:
            yield one.text_frame.text
        if hasattr(one, "shapes"):
            yield from texts_of(one.shapes)


@pytest.mark.parametrize("slug", HEADERS)
@pytest.mark.parametrize("level", LEVELS)
def test_sums_are_those_added_by_hand(atlas, capsys, slug, level):
    assert sums(atlas, slug, level).euros == pytest.approx(by_hand(capsys, slug, level))


@pytest.mark.parametrize("level", LEVELS)
def test_what_no_territory_has_is_said_to_the_last_euro(atlas, level):
    found = sums(atlas, "subvention", level)
    gaps = found.wider + found.alone + found.elsewhere + found.unplaced
    assert found.total + gaps == sum(atlas.own_columns["subvention"].amounts.values())
    assert found.missing == 2  # nothing written, and two values in a cell
    said = plain(wording.whole(found))
    assert "2 projets sans montant" in said
    assert "7 000 € de projets non localisés" in said
    assert ("30 k€ de territoires plus larges" in said) == (level in ("epci", "town"))
    assert ("9 000 € de communes sans intercommunalité" in said) == (level == "epci")


def test_a_negative_total_has_no_circle_and_is_said(atlas):
    found = sums(atlas, "subvention", "departement")
    assert found.euros["02"] == -800
    assert found.euros["62"] == 87_999.5
    assert "−800 € dans 1 territoire de total négatif" in plain(wording.whole(found))
    scene = map_scene(OWN, atlas, MapSpec(layers=("circles:departement:subvention",)))
    assert not [name for name in circles(scene) if name.startswith(("Aisne", "Seine-Maritime"))]


def test_euros_of_a_project_seen_by_another_of_its_places_are_said():
    column = OwnColumn("aide", "Aide", priced={"a"}, amounts={"p": 10.0, "q": 5.0})
    rows = [
        ("p", "a", 0, False, "commune", "35238", "35", "53"),
        ("p", "a", 1, True, "commune", "53130", "53", "52"),
        ("q", "a", 0, True, "commune", "53130", "53", "52"),
        ("r", "b", 0, True, "commune", "53130", "53", "52"),
    ]
    names = ["project", "collection", "rank", "matches", "scale", "code_insee", "departement"]
    found = figures.summed(pd.DataFrame(rows, columns=[*names, "region"]), {}, column, "region")
    assert (found.euros, found.elsewhere, found.missing) == ({"52": 5.0}, 10.0, 0)
    assert plain(wording.whole(found)) == (
        "5 € en tout ; hors des figures, 10 € de projets dont le lieu principal est ailleurs"
    )


def test_under_one_name_what_is_no_amount_is_never_added(tmp_path, monkeypatch):
    with_table("Commune;Intitulé;Volume\nLens;Halle;100 000 €\n", tmp_path, monkeypatch)
    other = "Commune;Intitulé;Volume\nLens;Accueil;3\nDieppe;Guichet;4\n"
    path = tmp_path / "guichets.csv"
    path.write_text(other, encoding="utf-8")
    assert main(["collection", "import", str(path), "--id", "guichets"]) == 0
    atlas = read_atlas()
    column = atlas.own_columns["volume"]
    assert (column.collections, column.priced) == ({"appel", "guichets"}, {"appel"})
    found = figures.summed(*figures.located(apply(Selection(), atlas)), column, "region")
    assert (found.euros, found.missing) == ({"32": 100_000.0}, 0)


@pytest.mark.parametrize("layer", ["circles:departement:subvention", "circles:town:cout-total"])
def test_each_slide_of_a_deck_shows_the_circles_of_the_map_of_its_region(atlas, layer):
    spec = MapSpec(layers=(layer,), date="2026-11-29")
    data = deck_file("pptx", apply(OWN, atlas), atlas, by="region", spec=spec, selection=OWN)
    slides = {plain(s.shapes.title.text): s for s in Presentation(io.BytesIO(data)).slides}
    slug = layer.rpartition(":")[2]
    header = f"{HEADERS[slug]} par {LEVELS[layer.split(':')[1]]}"
    assert header in slides  # of France
    for code, place in (("53", "en Bretagne"), ("28", "en Normandie"), ("04", "à La Réunion")):
        own = Selection(collection=("appel",), region=(code,))
        scene = map_scene(own, atlas, MapSpec(extent=f"region:{code}", layers=(layer,)))
        texts = " ".join(plain(one) for one in texts_of(slides[f"{header} {place}"].shapes))
        labels = scene.layer("etiquettes")
        wanted = [plain(t.words) for t in labels if getattr(t, "role", "") == "number"]
        assert all(said in texts for said in wanted)
        found = sums(atlas, slug, layer.split(":")[1], own)
        total = f"{short_euros(found.total)} en tout" if found.euros else "Aucun montant"
        assert plain(total) in texts
        assert plain(total) in plain(scene.description)


@pytest.mark.usefixtures("atlas")
def test_the_command_makes_a_deck_of_euros(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = ["deck", "a.pptx", "--collection", "appel", "--region", "Bretagne"]
    assert main([*asked, "--layers", "circles:departement:subvention"]) == 0
    titles = [plain(s.shapes.title.text) for s in Presentation("a.pptx").slides]
    assert titles[1:] == ["Subvention par département en Bretagne"]


def test_a_deck_refuses_an_unknown_column_before_any_page(atlas):
    spec = MapSpec(layers=("circles:region:subventions",))
    told = []
    with pytest.raises(UnknownValueError, match="circles:region:subvention"):
        deck_file("pptx", apply(OWN, atlas), atlas, by="region", spec=spec,
                  progress=lambda *step: told.append(step))  # fmt: skip
    assert not told


def decoded(text):
    return json.loads(base64.b64decode(text))


def told(atlas, code, selection=OWN):
    """Read what the map of the page is told of its circles."""
    return decoded(web_figures.group_state(code, apply(selection, atlas), atlas)["figures"])


@pytest.mark.parametrize("slug", HEADERS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_map_of_the_page_shows_the_sums_of_the_drawn_one(atlas, slug, level):
    own = told(atlas, f"euros:{slug}:{level}")["levels"][level]
    found = sums(atlas, slug, level)
    kept = {code: value for code, value in found.euros.items() if value > 0}
    assert {code: value for code, value, *_ in own["rows"]} == kept
    assert [plain(said) for said in own["notes"]] == list(map(plain, wording.parts(found)))
    assert plain(own["title"]) == f"{HEADERS[slug]} par {LEVELS[level]}"
    scene = map_scene(OWN, atlas, MapSpec(layers=(f"circles:{level}:{slug}",)))
    drawn = sorted(name.rpartition(" : ")[2] for name in circles(scene))
    assert sorted(plain(row[2]) for row in own["rows"]) == drawn


@pytest.mark.parametrize("level", LEVELS)
def test_numbers_too_are_those_of_the_drawn_map(atlas, level):
    own = told(atlas, f"projects:{level}", Selection())["levels"][level]
    scene = map_scene(Selection(), atlas, MapSpec(layers=(f"circles:{level}",)))
    drawn = sorted(name.rpartition(" : ")[2] for name in circles(scene))
    assert sorted(plain(row[2]) for row in own["rows"]) == drawn


def test_by_zoom_the_map_is_told_regions_and_departements_and_the_overseas(atlas):
    found = told(atlas, "euros:subvention")
    assert (list(found["levels"]), found["fixed"]) == (["region", "departement"], False)
    (reunion,) = found["overseas"]
    assert plain(reunion[1]) == "1,2 M€"
    assert reunion[0] == pytest.approx(1_234_567 / 1_534_000, abs=1e-4)  # of Bretagne's
    assert [value for value, _ in found["levels"]["region"]["sizes"]][:3] == [1e6, 5e5, 2e5]


def test_a_filter_leaves_the_sums_of_what_it_leaves(atlas):
    own = told(atlas, "euros:subvention", Selection(collection=("appel",), region=("53",)))
    rows = {row[0]: row[1] for row in own["levels"]["departement"]["rows"]}
    assert rows == {"56": 1_275_000, "35": 250_000, "22": 9_000}
    none = told(atlas, "euros:subvention", Selection(region=("94",)))
    assert none["levels"]["region"] == {
        "title": "Subvention par région", "notes": ["Aucun montant"], "sizes": [], "rows": [],
    }  # fmt: skip


def test_a_level_of_too_many_circles_says_what_it_leaves_out(atlas, monkeypatch):
    monkeypatch.setattr(web_figures, "MOST", 2)
    own = told(atlas, "euros:subvention:town")["levels"]["town"]
    assert [row[4] for row in own["rows"]] == ["Saint-Denis", "Lorient"]
    assert plain(own["notes"][-1]).endswith("dans 4 autres territoires, sans cercle")


def test_no_word_of_a_table_reaches_folium_as_text(tmp_path, monkeypatch):
    header = "Aide {{7*7}}</script><b>"
    table = f"Commune;Intitulé;{header}\nLens;Halle;100 000 €\n"
    atlas = with_table(table, tmp_path, monkeypatch)
    (slug,) = [one.slug for one in atlas.own_columns.values() if one.euros]
    applied = apply(OWN, atlas)
    state = web_figures.group_state(f"euros:{slug}", applied, atlas)
    made = base_map(sources=Sources("", ""), taxonomy=atlas.taxonomy)
    made.add_child(site_group(applied.sites, taxonomy=atlas.taxonomy, group=state))
    rendered = made.get_root().render()
    assert state["figures"] in rendered
    assert "Aide" not in rendered
    assert header in decoded(state["figures"])["levels"]["region"]["title"]


@pytest.mark.parametrize("code", ["euros:subvention", "euros:cout-total:epci", "projects:town"])
def test_the_address_holds_the_choice(atlas, code):
    asked = Selection(collection=("appel",), group=code)
    assert from_query(asked.to_query(), atlas) == (asked, [])


@pytest.mark.parametrize(
    "code",
    ["euros:zut", "euros", "euros:intitule", "euros:subvention:pays", "towns:epci", "euros::"],
)
def test_what_the_address_cannot_ask_is_left_aside_and_said(atlas, code):
    asked, said = from_query({"group": code}, atlas)
    assert asked == Selection()
    assert plain(said[0]) == (
        f"Vue d’ensemble : « {code} » n’existe pas ou plus ; cette partie de l’adresse est "
        "laissée de côté."
    )


@pytest.mark.usefixtures("atlas")
def test_the_page_offers_each_column_and_each_level():
    shown = run("app.py", "pages/carte.py", collection="appel")
    (radio,) = [one for one in shown.radio if one.key == "f-group"]
    assert [plain(one) for one in radio.options[-2:]] == [
        "Montants : Subvention", "Montants : Coût total",
    ]  # fmt: skip
    radio.set_value("euros:subvention").run()
    assert address(shown)["group"] == "euros:subvention"
    (level,) = [one for one in shown.selectbox if one.key == "f-level"]
    level.set_value("epci").run()
    assert address(shown)["group"] == "euros:subvention:epci"
    (radio,) = [one for one in shown.radio if one.key == "f-group"]
    radio.set_value("euros:cout-total").run()
    assert address(shown)["group"] == "euros:cout-total:epci"
    (radio,) = [one for one in shown.radio if one.key == "f-group"]
    radio.set_value("auto").run()
    assert "group" not in address(shown)
    assert not shown.exception


@pytest.mark.usefixtures("atlas")
def test_the_book_alone_has_no_column_to_offer():
    shown = run("app.py", "pages/carte.py", collection="ville-active")
    (radio,) = [one for one in shown.radio if one.key == "f-group"]
    assert not [one for one in radio.options if one.startswith("Montants")]


@pytest.mark.usefixtures("atlas")
def test_the_workshop_draws_the_circles_that_the_page_shows():
    shown = run("app.py", "pages/atelier.py", collection="appel", group="euros:cout-total:epci")
    (layers,) = [one for one in shown.multiselect if one.key == "a-drawn"]
    assert "circles:epci:cout-total" in layers.value


def test_the_map_as_one_file_shows_the_circles_of_the_drawn_one(atlas):
    spec = MapSpec(layers=("circles:departement:subvention",), date="2026-11-29")
    page = map_file("html", OWN, atlas, spec=spec).decode()
    (text,) = re.findall(r'"figures":"([A-Za-z0-9+/=]+)"', page)
    assert decoded(text) == told(atlas, "euros:subvention:departement")
