"""Selections: what each gives, how it says itself; counts and addresses keep their word."""

import math
import random
from dataclasses import fields, replace

import pytest
from pyproj import Transformer

from tests.shipped import folder
from villeactive.atlas import compose
from villeactive.cli.resolving import resolve, resolve_town
from villeactive.errors import UnknownValueError
from villeactive.facets import Choices
from villeactive.filtering import apply, apply_to_towns, distances_km
from villeactive.layers import every_layer, first_layers
from villeactive.selection import (
    MAX_TEXT,
    Selection,
    chips,
    describe,
    from_query,
    known_values,
    without,
)

LISTS = (
    "collection",
    "region",
    "departement",
    "epci",
    "programme",
    "theme",
    "topic",
    "kind",
    "actor",
)
NBSP, THIN = "\u00a0", "\u202f"

# (selection, ids that match, sentence), from the map of the book and section 4 of the data guide
TABLE = [
    (
        Selection(region=("53", "28")),
        "dieppe-cnam lisieux-filature-possibles plouhinec-ateliers-jean-moulin "
        "observatoire-territoires-industrie lorient-fabrique-prospective",
        "4 projets · Bretagne ou Normandie",
    ),
    (
        Selection(programme=("PVD",)),
        "cocotte-minute corpoworking isle-jourdain-velopole lainamac "
        "observatoire-territoires-industrie plouhinec-ateliers-jean-moulin",
        "6 projets · Petites villes de demain",
    ),
    (
        Selection(region=("53", "28"), programme=("PVD",)),
        "observatoire-territoires-industrie plouhinec-ateliers-jean-moulin",
        "2 projets · Bretagne ou Normandie · Petites villes de demain",
    ),
    (
        # Corpoworking: Gimont is PVD but small, Blagnac is large but not PVD: no site is both
        Selection(region=("76",), programme=("PVD",), min_population=20000),
        "",
        f"0 projet · Occitanie · Petites villes de demain · au moins 20{THIN}000 habitants",
    ),
    (
        Selection(region=("76",), min_population=20000),
        "corpoworking",
        f"1 projet · Occitanie · au moins 20{THIN}000 habitants",
    ),
    (Selection(departement=("32",)), "corpoworking isle-jourdain-velopole", "2 projets · Gers"),
    (
        Selection(departement=("32",), max_population=5000),
        "corpoworking",
        f"1 projet · Gers · au plus 5{THIN}000 habitants",
    ),
    (
        Selection(programme=("TI",), region=("84",), kind=("projet",)),
        "issoire-industrie-40 shop-in-romans",
        "2 projets · Auvergne-Rhône-Alpes · Territoires d’industrie (2023-2027) · Projet détaillé",
    ),
    (
        # Romans joined the Territoires d'industrie in phase 2 only
        Selection(programme=("TI1",), region=("84",), kind=("projet",)),
        "issoire-industrie-40",
        "1 projet · Auvergne-Rhône-Alpes · Territoires d’industrie (2018-2022) · Projet détaillé",
    ),
    (
        Selection(kind=("mention",), region=("84",)),
        "bourg-en-bresse-fabrique-prospective puy-en-velay-manufacture-dentelle "
        "valence-romans-start-up-territoire",
        "3 lieux cités · Auvergne-Rhône-Alpes",
    ),
    (
        Selection(kind=("projet", "mention"), region=("11",)),
        "porte-de-pantin-centre-logistique",
        "0 projet et 1 lieu cité · Île-de-France · Projet détaillé ou Lieu cité",
    ),
    (Selection(actor=("cnam",)), "usinerie dieppe-cnam", "2 projets · Cnam"),
    (
        Selection(actor=("cnam-bourgogne-franche-comte",)),
        "usinerie",
        "1 projet · Cnam BFC",
    ),
    (
        Selection(amount=True),
        "issoire-industrie-40 shop-in-romans rochefort-pole-aeronautique",
        "3 projets · montant connu",
    ),
    (
        Selection(theme=("apprendre-travailler",), topic=("tiers-lieux",), kind=("outil",)),
        "corpoworking",
        "1 projet · Apprendre et travailler en cœur de ville · Tiers-lieux et travail partagé"
        " · Outil partenarial",
    ),
    (
        Selection(near="62498", within=55),
        "lens-ecole-production saint-omer-la-station",
        f"2 projets · à moins de 55{NBSP}km de Lens",
    ),
    (
        Selection(near="62498", within=54),
        "lens-ecole-production",
        f"1 projet · à moins de 54{NBSP}km de Lens",
    ),
    (
        Selection(min_population=14000, max_population=15000),
        "saint-omer-la-station",
        f"1 projet · de 14{THIN}000 à 15{THIN}000 habitants",
    ),
    (
        Selection(text="TAPISSERIE creuse"),
        "lainamac",
        f"1 projet · «{NBSP}TAPISSERIE creuse{NBSP}»",
    ),
    (Selection(region=("01",)), "", "0 projet · Guadeloupe"),
]


@pytest.mark.parametrize(("selection", "ids", "sentence"), TABLE, ids=lambda v: str(v)[:40])
def test_table(atlas, selection, ids, sentence):
    applied = apply(selection, atlas)
    assert set(applied.projects.index) == set(ids.split())
    assert applied.sentence(selection, atlas) == sentence


def test_no_filter_gives_20_projects_and_9_mentions(atlas):
    applied = apply(Selection(), atlas)
    assert (len(applied.counted), len(applied.mentions)) == (20, 9)
    assert applied.sentence(Selection(), atlas) == "20 projets"
    assert applied.sites["matches"].all()


def test_the_other_sites_of_a_project_stay_and_are_marked(atlas):
    sites = apply(Selection(region=("53",)), atlas).sites
    observatory = sites[sites["project"] == "observatoire-territoires-industrie"]
    assert dict(zip(observatory["town"], observatory["matches"], strict=True)) == {
        "Lamballe-Armor": True, "Angoulême": False, "Cognac": False, "Dieppe": False,
    }  # fmt: skip


def test_bounds_are_included(atlas):
    # Romans-sur-Isère: 33 464 inhabitants
    def found(low: int, high: int) -> set[str]:
        asked = Selection(min_population=low, max_population=high, kind=("projet",))
        return set(apply(asked, atlas).projects.index)

    assert found(33464, 33464) == {"shop-in-romans"}
    assert found(33465, 34000) == found(33000, 33463) == set()


def test_a_filter_changes_nothing_in_the_atlas(atlas):
    before = list(atlas.sites.columns), len(atlas.projects)
    apply(Selection(region=("53",), text="usine"), atlas)
    assert (list(atlas.sites.columns), len(atlas.projects)) == before


def test_empty_is_a_result(atlas):
    nothing = Selection(region=("01",), programme=("ACV",), text="x", near="97105", amount=True)
    applied = apply(nothing, atlas)
    assert (len(applied.projects), len(applied.sites)) == (0, 0)
    assert applied.projects.crs.to_epsg() == applied.sites.crs.to_epsg() == 4326
    assert list(applied.projects.columns) == list(atlas.projects.columns)
    assert applied.sentence(nothing, atlas).startswith("0 projet · Guadeloupe")
    assert all(not any(counts.values()) for counts in Choices(nothing, atlas).counts.values())


def test_an_atlas_without_sheets_can_be_asked():
    empty = compose([replace(folder(), sheets={})])
    asked = Selection(text="usine", programme=("ACV",))
    assert apply(asked, empty).sentence(asked, empty).startswith("0 projet · Action cœur de ville")
    assert not any(Choices(Selection(), empty).counts["region"].values())


# ------------------------------------------------------------------------------------- counts


def shown(selection: Selection, atlas) -> int:
    """Give the number that one sees: projects, and mentions where that kind is asked for."""
    applied = apply(selection, atlas)
    return len(applied.projects if selection.kind else applied.counted)


CONTEXTS = [
    Selection(),
    Selection(programme=("ACV",)),
    Selection(programme=("PVD", "TI1"), theme=("filieres-productions",)),
    Selection(kind=("mention",)),
    Selection(kind=("projet", "mention"), min_population=20000),
    Selection(near="17299", within=200, actor=("etat", "caisse-des-depots")),
    Selection(text="formation", region=("84", "27")),
    Selection(amount=True, layers=("mentions",), projet="usinerie"),
]


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda s: str(s.to_query()))
def test_the_count_beside_a_choice_is_what_choosing_it_gives(atlas, context):
    counts = Choices(context, atlas).counts
    assert set(counts) == set(LISTS)
    for name in LISTS:
        known = known_values(name, atlas)
        # 1 255 EPCI: those that hold something, and a few that hold nothing
        for code in known if len(known) < 200 else [*counts[name], *list(known)[:5]]:
            chosen = replace(context, **{name: (code,)})
            assert counts[name].get(code, 0) == shown(chosen, atlas), (name, code)


def test_counts_that_one_can_check_on_the_map(atlas):
    counts = Choices(Selection(), atlas).counts
    assert counts["theme"] == {"apprendre-travailler": 10, "filieres-productions": 10}
    assert counts["kind"] == {"projet": 6, "outil": 2, "initiative": 12, "mention": 9}
    assert counts["region"]["53"] == 2  # Plouhinec, the Observatoire at Lamballe
    assert counts["region"]["28"] == 3  # Dieppe, Lisieux, the Observatoire again
    assert counts["programme"]["PVD"] == 6
    assert counts["actor"]["cnam"] == 2


def test_lifting_a_chip_gives_the_selection_without_that_filter(atlas):
    full = Selection(
        region=("53",), programme=("ACV",), near="62498", within=30, text="gare",
        min_population=1, max_population=9, amount=True, layers=("ACV",), projet="usinerie",
    )  # fmt: skip
    names = [name for name, _ in chips(full, atlas)]
    assert names == ["region", "programme", "near", "population", "amount", "text"]
    for name in names:
        rest = without(full, name)
        assert [left for left, _ in chips(rest, atlas)] == [n for n in names if n != name]
        assert (rest.layers, rest.projet) == (("ACV",), "usinerie")
    for name in names:
        full = without(full, name)
    assert full.is_empty
    assert full == Selection(layers=("ACV",), projet="usinerie")


def test_one_inhabitant_is_singular(atlas):
    assert describe(Selection(max_population=1), atlas, n_projects=0) == (
        "0 projet · au plus 1 habitant"
    )


# ------------------------------------------------------------------------------------ address


def test_the_address_is_made_of_codes(atlas):
    selection = Selection(region=("53", "28"), programme=("PVD",), near="62498", text="gare")
    query = {"region": "53,28", "programme": "PVD", "near": "62498", "within": "50", "text": "gare"}
    assert selection.to_query() == query
    assert from_query(query, atlas) == (selection, [])
    assert Selection().to_query() == {}


def test_several_values_may_come_as_a_list_and_other_keys_are_left_alone(atlas):
    query = {"region": ["53", "28,53"], "utm_source": "x", "embed": "true"}
    assert from_query(query, atlas) == (Selection(region=("53", "28")), [])


def test_layers(atlas):
    assert (
        from_query({}, atlas)[0].shown_layers(atlas) == first_layers() == ("projects", "ACV", "PVD")
    )
    none = Selection(layers=())
    assert none.to_query() == {"layers": "none"}
    assert from_query({"layers": "none"}, atlas)[0].shown_layers(atlas) == ()
    asked, dropped = from_query({"layers": "mentions,TI,XYZ"}, atlas)
    assert asked.shown_layers(atlas) == ("mentions", "TI")
    assert len(dropped) == 1
    # a layer that died does not blind the map
    assert from_query({"layers": "XYZ"}, atlas)[0].shown_layers(atlas) == first_layers()


def random_selection(chance: random.Random, atlas) -> Selection:
    values = {}
    for name in LISTS:
        if chance.random() < 0.4:
            known = list(known_values(name, atlas))
            values[name] = tuple(chance.sample(known, chance.randint(1, min(3, len(known)))))
    if chance.random() < 0.4:
        values |= {
            "near": chance.choice(list(atlas.communes.index)),
            "within": chance.randint(1, 900),
        }
    if chance.random() < 0.4:
        values["text"] = chance.choice(
            ["gare", "l’Arsenal, 65 000", "a&b=c;d", "%26", "{{7*7}}", "日本"]
        )
    low, high = sorted(chance.sample(range(300000), 2))
    values |= chance.choice([{}, {"min_population": low}, {"max_population": high},
                             {"min_population": low, "max_population": high}])  # fmt: skip
    values["amount"] = chance.random() < 0.3
    if chance.random() < 0.4:
        values["layers"] = tuple(chance.sample(every_layer(), chance.randint(0, 5)))
    if chance.random() < 0.3:
        values["projet"] = chance.choice(list(atlas.sheets))
    return Selection(**values)


def test_any_selection_survives_its_address(atlas):
    chance = random.Random(53)
    for _ in range(120):
        asked = random_selection(chance, atlas)
        query = asked.to_query()
        read, dropped = from_query(query, atlas)
        assert dropped == []
        assert read.filters == asked.filters
        assert (read.shown_layers(atlas), read.projet) == (asked.shown_layers(atlas), asked.projet)
        assert read.to_query() == query
        assert all(isinstance(value, str) for value in query.values())


def test_what_circles_stand_for_is_shown_not_filtered(atlas):
    asked, dropped = from_query({"group": "towns", "region": "53"}, atlas)
    assert (asked.group, dropped) == ("towns", [])
    assert asked.filters == Selection(region=("53",))
    assert asked.unfiltered == Selection(group="towns")
    assert Selection(group="towns").is_empty
    wrong, dropped = from_query({"group": "epci"}, atlas)
    assert wrong == Selection()
    assert "Vue d’ensemble" in dropped[0]


def test_every_field_of_a_selection_is_a_key_of_the_address():
    full = Selection(
        region=("53",), departement=("56",), epci=("200042174",), programme=("PVD",),
        theme=("filieres-productions",), collection=("ville-active",),
        topic=("industrie",), kind=("projet",), actor=("cnam",), near="62498", within=10, text="a",
        min_population=1, max_population=2, amount=True, layers=("TI",), group="towns",
        projet="usinerie", commune="62498", shortlist=("lainamac",), own=(("etat", ("engagé",)),),
        sort="-title", page=2,
    )  # fmt: skip
    assert list(full.to_query()) == [
        "collection", "region", "departement", "epci", "programme", "theme", "topic", "kind",
        "actor", "c.etat", "near",
        "within", "text", "min_population", "max_population", "amount", "layers", "group",
        "projet", "commune", "shortlist", "sort", "page",
    ]  # fmt: skip
    keys = {field.name for field in fields(Selection)} - {"own"} | {"c.etat"}
    assert set(full.to_query()) == keys


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ({"region": "99"}, "99"),
        ({"region": "Bretagne"}, "Bretagne"),
        ({"departement": "99"}, "99"),
        ({"epci": "123456789"}, "123456789"),
        ({"programme": "acv"}, "acv"),
        ({"theme": "loisirs"}, "loisirs"),
        ({"topic": "sport"}, "sport"),
        ({"kind": "autre"}, "autre"),
        ({"actor": "nasa"}, "nasa"),
        ({"near": "Lens"}, "Lens"),
        ({"near": "75119"}, "75119"),
        ({"within": "0"}, "0"),
        ({"within": "00"}, "00"),
        ({"within": "-3"}, "-3"),
        ({"within": "1e3"}, "1e3"),
        ({"min_population": "1 000"}, "1 000"),
        ({"max_population": "٣"}, "٣"),
        ({"max_population": "999999999999"}, "999999999999"),
        ({"amount": "yes"}, "yes"),
        ({"layers": "routes"}, "routes"),
        ({"projet": "../usinerie"}, "../usinerie"),
    ],
)
def test_a_dead_value_is_dropped_and_said(atlas, query, value):
    selection, dropped = from_query(query, atlas)
    assert selection == Selection()
    assert len(dropped) == 1
    assert f"«{NBSP}{value}{NBSP}» n’existe pas ou plus" in dropped[0]


def test_the_living_values_beside_a_dead_one_stay(atlas):
    selection, dropped = from_query({"region": "53,99,28,53", "programme": "PVD"}, atlas)
    assert selection == Selection(region=("53", "28"), programme=("PVD",))
    assert len(dropped) == 1


def test_bounds_given_upside_down_are_turned(atlas):
    query = {"min_population": "9000", "max_population": "10"}
    assert from_query(query, atlas)[0] == Selection(min_population=10, max_population=9000)


def test_a_text_without_end_is_cut(atlas):
    assert len(from_query({"text": "a" * 5000}, atlas)[0].text) == MAX_TEXT


# ----------------------------------------------------------------------------------- distances


def haversine_km(lon, lat, lon2, lat2):
    """Give the distance on a sphere of 6 371 km: within 0.5 % of the ellipsoid's."""
    a, b, c, d = map(math.radians, (lon, lat, lon2, lat2))
    half = math.sin((d - b) / 2) ** 2 + math.cos(b) * math.cos(d) * math.sin((c - a) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


def test_distances_against_two_oracles(atlas):
    lens = atlas.communes.loc["62498"]
    towns = atlas.communes.loc[["62765", "60057", "76217", "17299", "2A004"]]
    far = distances_km(towns, lon=lens["lon"], lat=lens["lat"])
    assert far.index.tolist() == towns.index.tolist()
    # between the town halls, read on a map
    assert far["62765"] == pytest.approx(54.5, abs=0.5)
    to_lambert = Transformer.from_crs(4326, 2154, always_xy=True)
    x, y = to_lambert.transform(lens["lon"], lens["lat"])
    for code, town in towns.iterrows():
        sphere = haversine_km(lens["lon"], lens["lat"], town["lon"], town["lat"])
        assert far[code] == pytest.approx(sphere, rel=5e-3)
        east, north = to_lambert.transform(town["lon"], town["lat"])
        assert far[code] == pytest.approx(math.hypot(east - x, north - y) / 1000, rel=5e-3)


def test_distances_hold_overseas(atlas):
    # Saint-Denis to Saint-Pierre of La Réunion: about 52 km as the crow flies
    there = atlas.communes.loc[["97416"]]
    here = atlas.communes.loc["97411"]
    assert distances_km(there, lon=here["lon"], lat=here["lat"]).item() == pytest.approx(
        51.5, abs=2
    )


def test_within_includes_the_town_itself(atlas):
    assert list(apply(Selection(near="67482", within=1), atlas).projects.index) == [
        "strasbourg-industrie-magnifique"
    ]


# ----------------------------------------------------------------------------- words and names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("usinerie", "usinerie"),
        ("L’Usinerie", "usinerie"),
        ("CHALON sur saone", "usinerie"),
        ("st omer", "saint-omer-la-station"),
        ("tapiss", "lainamac"),
        ("filature possibles", "lisieux-filature-possibles"),
    ],
)
def test_words_are_found_whatever_their_dress(atlas, text, found):
    assert found in apply(Selection(text=text), atlas).projects.index


def test_words_begin_where_a_word_begins(atlas):
    # « apiss » is inside « tapisserie », « ens » inside Lens and Sens
    for inside in ("apisserie", "ieppe", "ochefort"):
        assert len(apply(Selection(text=inside), atlas).projects) == 0


@pytest.mark.parametrize("text", ["日本", "Дьепп", "???", "🚲", "zzzz"])
def test_what_no_sheet_says_is_not_found(atlas, text):
    assert len(apply(Selection(text=text), atlas).projects) == 0


def test_all_words_must_be_held(atlas):
    both = set(apply(Selection(text="industrie formation"), atlas).projects.index)
    one = set(apply(Selection(text="industrie"), atlas).projects.index)
    other = set(apply(Selection(text="formation"), atlas).projects.index)
    assert both == one & other


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("region", "Bretagne", "53"),
        ("region", "bretagne", "53"),
        ("region", "53", "53"),
        ("region", "1", "01"),
        ("region", "ile de france", "11"),
        ("region", "Provence-Alpes-Côte d'Azur", "93"),
        ("departement", "1", "01"),
        ("departement", "01", "01"),
        ("departement", "2a", "2A"),
        ("departement", "saone et loire", "71"),
        ("programme", "acv", "ACV"),
        ("programme", "Petites villes de demain", "PVD"),
        ("programme", "TI", "TI"),
        ("programme", "ti1", "TI1"),
        ("theme", "Filières et productions", "filieres-productions"),
        ("topic", "Accès à la formation", "formation"),
        ("kind", "Outil partenarial", "outil"),
        ("actor", "Cnam", "cnam"),
        ("actor", "Conservatoire national des arts et métiers", "cnam"),
        ("actor", "ANCT", "anct"),
        ("near", "62498", "62498"),
        ("near", "Chalon-sur-Saône", "71076"),
        ("near", "Rochefort (17)", "17299"),
    ],
)
def test_names_and_codes_are_resolved(atlas, field, value, code):
    found = resolve_town(field, value, atlas) if field == "near" else resolve(field, value, atlas)
    assert found == (code if field == "near" else (code,))


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("062", ("62",)), ("D62", ("62",)), ("20", ("2A", "2B")), ("20A", ("2A",)),
        ("97", ("971", "972", "973", "974", "976")), ("62 - Pas-de-Calais", ("62",)),
        ("Bretagne", ("22", "29", "35", "56")),
    ],
)  # fmt: skip
def test_a_cell_of_departement_gives_all_that_it_means(atlas, value, codes):
    assert resolve("departement", value, atlas) == codes
    selection, dropped = from_query({"departement": value}, atlas)
    assert (selection.departement, dropped) == (codes, [])


def test_an_epci_is_named_by_its_siren_or_its_name_never_guessed(atlas):
    lens = atlas.communes.loc["62498", "epci"]
    assert resolve("epci", lens, atlas) == (lens,)
    assert resolve("epci", atlas.epci[lens], atlas) == (lens,)
    with pytest.raises(UnknownValueError) as caught:
        resolve("epci", "CC des Quatre Rivières", atlas)
    assert len(caught.value.nearest) >= 2
    chosen = Selection(epci=(lens,))
    assert list(apply(chosen, atlas).counted["town"]) == ["Lens"]
    towns = apply_to_towns(chosen, atlas.towns, atlas)
    assert set(towns["epci"]) == {lens}
    assert {"62498"} < set(towns.index)
    assert describe(chosen, atlas, n_projects=1) == f"1 projet · {atlas.epci[lens]}"


@pytest.mark.parametrize(
    ("field", "value", "among"),
    [
        ("region", "Bretange", "53 (Bretagne)"),
        ("region", "Alpes", "84 (Auvergne-Rhône-Alpes)"),
        ("region", "PACA", "93 (Provence-Alpes-Côte d'Azur)"),
        ("region", "Centre", "24 (Centre-Val de Loire)"),
        ("region", "Réunion", "04 (La Réunion)"),
        ("departement", "Gironda", "33 (Gironde)"),
        ("programme", "PVDD", "PVD (Petites villes de demain)"),
        ("programme", "Territoires d’industrie", "TI (Territoires d’industrie (2023-2027))"),
        ("kind", "zzz", "outil (Outil partenarial)"),
        ("theme", "", "filieres-productions (Filières et productions locales)"),
        ("topic", "artisanat", "artisanat-commerce (Artisanat et commerce de centre-ville)"),
        ("actor", "Cname", "cnam (Conservatoire national des arts et métiers)"),
        ("near", "Chalon-sur-Saon", "71076 (Chalon-sur-Saône, Saône-et-Loire)"),
        ("near", "Saint-Omer", "62765 (Saint-Omer, Pas-de-Calais)"),
        ("near", "Saint-Omer", "14635 (Saint-Omer, Calvados)"),
    ],
)
def test_an_unknown_value_is_told_with_the_nearest(atlas, field, value, among):
    with pytest.raises(UnknownValueError) as caught:
        (resolve_town if field == "near" else resolve)(field, value, atlas)
    assert among in caught.value.nearest
    assert "\n" not in str(caught.value)


def test_an_ambiguous_town_is_never_guessed_nor_said_unknown(atlas):
    with pytest.raises(UnknownValueError, match="« Saint-Omer » désigne plusieurs communes"):
        resolve_town("near", "Saint-Omer", atlas)


def test_every_name_leads_back_to_its_code(atlas):
    for field in LISTS:
        known = known_values(field, atlas)
        for code, name in known.items():
            assert resolve(field, code, atlas) == (code,)
            if list(known.values()).count(name) == 1:
                assert resolve(field, name, atlas) == (code,), (field, name)


# --------------------------------------------------------------------------------------- towns


def test_towns_by_place(atlas):
    found = apply_to_towns(Selection(departement=("71",), programme=("ACV",)), atlas.towns, atlas)
    assert sorted(found["name"]) == [
        "Autun", "Chalon-sur-Saône", "Le Creusot", "Montceau-les-Mines", "Mâcon",
    ]  # fmt: skip


def test_towns_that_hold_a_matching_project(atlas):
    found = apply_to_towns(Selection(kind=("outil",)), atlas.communes, atlas)
    assert sorted(found["name"]) == [
        "Angoulême", "Blagnac", "Cognac", "Dieppe", "Gimont", "Lamballe-Armor", "Saverdun",
    ]  # fmt: skip


def test_towns_by_name(atlas):
    found = apply_to_towns(Selection(text="rochefort charente maritime"), atlas.communes, atlas)
    assert "17299" in found.index
    assert set(found["departement"]) == {"17"}
    assert all("ochefort" in f"{row.name} {row.epci_name}" for row in found.itertuples(index=False))


@pytest.mark.parametrize(
    "selection",
    [
        Selection(text="zzzz"),
        Selection(text="日本"),
        Selection(region=("53",), departement=("71",), text="lens"),
        Selection(near="97411", within=10, programme=("TI1",), amount=True, text="x"),
    ],
)
def test_no_town_is_a_result(atlas, selection):
    for frame in (atlas.towns, atlas.communes):
        found = apply_to_towns(selection, frame, atlas)
        assert len(found) == 0
        assert list(found.columns) == list(frame.columns)


def test_every_commune_without_a_filter(atlas):
    assert len(apply_to_towns(Selection(), atlas.communes, atlas)) == 34875
    by_region = sum(
        len(apply_to_towns(Selection(region=(code,)), atlas.communes, atlas))
        for code in atlas.regions
    )
    assert by_region == 34875


def test_filters_that_only_show_change_no_result(atlas):
    asked = Selection(layers=("TI",), projet="usinerie", within=5)
    assert asked.is_empty
    assert len(apply(asked, atlas).counted) == 20


def test_kinds_that_count(atlas):
    counted = {code for code, kind in atlas.kinds.items() if kind.counted}
    assert set(apply(Selection(), atlas).counted["kind"]) == counted


def test_an_epci_is_named_without_its_kind_and_homonyms_are_told(atlas):
    assert resolve("epci", "Lorient", atlas) == ("200042174",)
    with pytest.raises(UnknownValueError, match="plusieurs portent") as told:
        resolve("epci", "CC des Quatre Rivières", atlas)
    assert "247000623 (CC des Quatre Rivières, Haute-Saône)" in str(told.value)
