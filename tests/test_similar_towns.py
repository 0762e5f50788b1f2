"""Likeness of towns: eight towns worked by hand, then what real towns must say."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from villeactive.analysis.similar_towns import (
    ALIKE,
    PROJECT_COLUMNS,
    inspiring,
    missing_programmes,
    order_said,
    profile,
    similar,
    why,
    with_projects,
)
from villeactive.analysis.similarity import (
    CRITERIA,
    EVEN,
    Weights,
    distance,
    features,
    likeness,
    measures_of,
)
from villeactive.errors import UnknownValueError

# Eight towns at one place, each alone in its EPCI (share 1, first of it): of the role, only the
# larger town can differ. log10(population) and log10(density) have quartiles 3 and 5, 1 and 3, so
# an interquartile range of 2: a factor of 10 is a gap of 0,5, a factor of 100 a gap of 1. The five
# small ones are 0 km from a larger town, the three large ones have none: a third of the role.
#
# Squared gaps from A (1/4 for each label that only one carries); distance = root of their mean;
# likeness = 100 / (1 + distance).
#
#        population  density  carries     size density role programmes  distance²  likeness
# A 01   100 000     1 000    ACV, ORT
# B 02   100 000     1 000    ACV         0    0       0    1/4         1/16       80
# C 03   100 000       100    ACV, ORT    0    1/4     0    0           1/16       80
# D 04    10 000     1 000    ACV, ORT    1/4  0       1/3  0           7/48       72,3653
# E 05    10 000       100    PVD         1/4  1/4     1/3  3/4         19/48      61,3816
# F 06     1 000        10    nothing     1    1       1/3  2/4         34/48      54,2999
# G 07     1 000        10    PVD         1    1       1/3  3/4         37/48      53,2489
# H 08     1 000        10    TI1 (no label)  as F
A, B, C, D, E, F, G, H = (f"0100{rank}" for rank in range(1, 9))
TOY = [
    (A, 100_000, 1_000, ("ACV", "ORT"), "84"),
    (B, 100_000, 1_000, ("ACV",), "84"),
    (C, 100_000, 100, ("ACV", "ORT"), "84"),
    (D, 10_000, 1_000, ("ACV", "ORT"), "27"),
    (E, 10_000, 100, ("PVD",), "27"),
    (F, 1_000, 10, (), "84"),
    (G, 1_000, 10, ("PVD",), "27"),
    (H, 1_000, 10, ("TI1",), "27"),
]
LENS, LIEVIN, MAUBEUGE, AUCH = "62498", "62510", "59392", "32013"
CHALON, PARIS, BREHAT, SAINT_DENIS = "71076", "75056", "22016", "97411"


def toy_atlas() -> SimpleNamespace:
    rows = [
        {
            "code_insee": code,
            "name": f"Ville {code[-1]}",
            "departement": "01",
            "region": region,
            "epci": f"epci {code}",
            "population": population,
            "area_km2": population / density,
            "lon": 5.0,
            "lat": 46.0,
            "zone": "metropole",
            "programmes": programmes,
        }
        for code, population, density, programmes, region in TOY
    ]
    return SimpleNamespace(communes=pd.DataFrame(rows).set_index("code_insee"))


def shuffled(atlas, *, seed: int = 7):
    communes = atlas.communes.sample(frac=1, random_state=seed)
    return SimpleNamespace(communes=communes)


# ------------------------------------------------------------------------------ the eight towns


def test_the_eight_towns_as_worked_by_hand():
    answer = similar(A, toy_atlas())
    assert list(answer.index) == [B, C, D, E, F, H, G]
    of_48 = [3, 3, 7, 19, 34, 34, 37]
    expected = [80, 80] + [100 / (1 + (part / 48) ** 0.5) for part in of_48[2:]]
    assert answer["likeness"].to_list() == pytest.approx(expected, abs=1e-4)


def test_what_each_criterion_takes_away_adds_up_to_what_is_missing():
    answer = similar(A, toy_atlas())
    parts = answer[[f"lost_{name}" for name in CRITERIA]]
    assert (parts.sum(axis=1) + answer["likeness"]).to_list() == pytest.approx([100] * 7)
    # of 7/12, size has 3 and role 4
    lost = 100 - answer.loc[D, "likeness"]
    assert parts.loc[D].to_list() == pytest.approx([lost * 3 / 7, 0, lost * 4 / 7, 0, 0])


def test_two_communes_without_any_label_are_alike_in_that():
    answer = similar(F, toy_atlas())
    assert answer.loc[H, "likeness"] == pytest.approx(100)
    assert answer.loc[G, "likeness"] == pytest.approx(80)


def test_equals_are_ranked_by_code_whatever_the_order_of_the_rows():
    for seed in range(5):
        answer = similar(A, shuffled(toy_atlas(), seed=seed), n=7)
        assert list(answer.index) == [B, C, D, E, F, H, G]


def test_a_criterion_left_out_changes_what_it_must_and_nothing_else():
    whole, part = (similar(A, toy_atlas(), weights=w) for w in (EVEN, Weights(programmes=0)))
    assert part.loc[[B, C, D], "likeness"].to_list() == pytest.approx(
        [100, 100 / (1 + (1 / 12) ** 0.5), 100 / (1 + (7 / 36) ** 0.5)]
    )
    assert (part["lost_programmes"] == 0).all()
    assert not part["why"].str.contains("programme").any()
    # the others keep their proportions
    for answer in (whole, part):
        assert answer.loc[D, "lost_role"] / answer.loc[D, "lost_size"] == pytest.approx(4 / 3)


def test_a_heavier_criterion_weighs_more():
    answer = similar(A, toy_atlas(), weights=Weights(programmes=3))
    # B: 3 × 1/4 / 6; C: 1/4 / 6
    assert answer.loc[B, "likeness"] == pytest.approx(100 / (1 + (1 / 8) ** 0.5))
    assert answer.loc[C, "likeness"] == pytest.approx(100 / (1 + (1 / 24) ** 0.5))
    assert list(answer.index[:3]) == [C, D, B]


def test_same_region_only_takes_towns_away():
    atlas = toy_atlas()
    answer = similar(A, atlas, same_region=True)
    assert list(answer.index) == [B, C, F]
    pd.testing.assert_frame_equal(answer, similar(A, atlas).loc[[B, C, F]])


def test_nothing_to_compare_with_is_an_empty_answer():
    answer = similar(A, toy_atlas(), n=0)
    assert len(answer) == 0
    assert list(answer.columns) == list(similar(A, toy_atlas()).columns)


def test_the_atlas_is_left_as_it_was():
    atlas = shuffled(toy_atlas())
    before = atlas.communes.copy()
    similar(A, atlas)
    pd.testing.assert_frame_equal(atlas.communes, before)


# ------------------------------------------------------------------------------------- figures

# Along a meridian, one degree is 111,195 km. Q is large enough to be a town, not twice S.
#   P 1 000 (0°) – Q 20 000 (1°) – R 60 000 (2°) – S 30 000 (3°), and T 500 in La Réunion
LINE = pd.DataFrame(
    {
        "population": [1_000, 20_000, 60_000, 30_000, 500],
        "area_km2": [10.0, 10.0, 20.0, 30.0, 5.0],
        "epci": ["x", "x", "x", "y", None],
        "lon": 3.0,
        "lat": [0.0, 1.0, 2.0, 3.0, 0.0],
        "zone": ["metropole"] * 4 + ["drom"],
        "departement": ["01"] * 4 + ["974"],
    },
    index=pd.Index(["P", "Q", "R", "S", "T"], name="code_insee"),
)


def test_the_figures_by_hand():
    table = features(LINE)
    assert table["density"].to_list() == [100, 2_000, 3_000, 1_000, 100]
    assert table["epci_share"].to_list() == pytest.approx([1 / 81, 20 / 81, 60 / 81, 1, 1])
    assert table["epci_rank"].to_list() == [3, 2, 1, 1, 1]
    assert table["larger_town"].to_list() == ["Q", "R", None, "R", None]
    assert table["larger_km"].to_list()[:2] == pytest.approx([111.195, 111.195], abs=0.001)
    assert np.isnan(table["larger_km"][["R", "T"]]).all()


def test_figures_do_not_depend_on_the_order_of_the_rows(atlas):
    communes = atlas.communes.drop(columns="geometry")
    mixed = communes.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(features(communes), features(mixed))


def test_the_shares_of_each_epci_add_up_to_one(atlas):
    shares = features(atlas.communes)["epci_share"].groupby(atlas.communes["epci"]).sum()
    assert len(shares) == 1255
    assert np.allclose(shares, 1)


def test_the_larger_town_is_what_a_plain_search_finds(atlas):
    towns = atlas.communes[atlas.communes["zone"] == "metropole"]
    for code in (LENS, AUCH, CHALON, BREHAT):
        here = atlas.communes.loc[code]
        larger = towns[towns["population"] >= max(20_000, 2 * here["population"])]
        flat = np.hypot(
            larger["lat"] - here["lat"],
            (larger["lon"] - here["lon"]) * np.cos(np.radians(here["lat"])),
        )
        assert profile(code, atlas)["larger_town"] == flat.idxmin()


# ------------------------------------------------------------------------------------ real data


def test_lens_is_more_like_lievin_or_maubeuge_than_like_auch(atlas):
    measures = measures_of(atlas.communes)
    others = np.array([measures.position(code) for code in (LIEVIN, MAUBEUGE, AUCH)])
    far = distance(measures.squares(measures.position(LENS), others, EVEN))
    lievin, maubeuge, auch = likeness(far)
    assert lievin > maubeuge > auch + 10
    assert similar(LENS, atlas, n=40)["likeness"][LIEVIN] == pytest.approx(lievin)


@pytest.mark.parametrize("weights", [EVEN, Weights(size=3), Weights(0, 0, 0, 0, 1)])
@pytest.mark.parametrize("code", [LENS, PARIS, BREHAT, SAINT_DENIS, "55139"])
def test_an_answer_is_ordered_bounded_and_without_oneself(atlas, code, weights):
    answer = similar(code, atlas, n=50, weights=weights)
    assert len(answer) == 50
    assert code not in answer.index
    assert answer.index.is_unique
    assert answer["likeness"].between(0, 100).all()
    assert answer["likeness"].is_monotonic_decreasing
    assert (answer["why"] != "").all()


def test_a_real_answer_does_not_depend_on_the_order_of_the_rows(atlas):
    mixed = replace(atlas, communes=atlas.communes.sample(frac=1, random_state=1))
    for weights in (EVEN, Weights(0, 0, 0, 1, 0)):
        one, two = (similar(LENS, a, n=40, weights=weights) for a in (atlas, mixed))
        pd.testing.assert_frame_equal(one, two)


def test_likeness_is_mutual(atlas):
    measures = measures_of(atlas.communes)
    one, two = measures.position(LENS), measures.position(AUCH)
    for name in CRITERIA:
        there, back = (
            measures.squares(me, np.array([other]), Weights(1, 1, 1, 1, 1))[name][0]
            for me, other in ((one, two), (two, one))
        )
        assert there == pytest.approx(back)


@pytest.mark.parametrize("weights", [EVEN, Weights(0, 0, 0, 1, 0), Weights(3, 0.5, 1, 2, 1)])
@pytest.mark.parametrize("code", [LENS, PARIS, BREHAT])
def test_the_tree_finds_what_a_plain_pass_finds(atlas, code, weights):
    measures = measures_of(atlas.communes)
    me, everyone = measures.position(code), np.arange(len(atlas.communes))
    far = distance(measures.squares(me, everyone, weights))
    ranked = np.argsort(far, kind="stable")
    expected = ranked[ranked != me][:25]
    assert list(measures.nearest(me, 25, weights)) == list(expected)


def test_one_extreme_town_moves_the_others_little(atlas):
    communes = atlas.communes.copy()
    communes.loc[PARIS, ["population", "area_km2"]] = 10**9, 1e-3
    strange = replace(atlas, communes=communes)
    one, two = (similar(BREHAT, a, n=20) for a in (atlas, strange))
    assert list(one.index) == list(two.index)
    assert one["likeness"].to_numpy() == pytest.approx(two["likeness"].to_numpy(), abs=0.1)


def test_same_region_keeps_the_best_of_the_region(atlas):
    region = atlas.communes.loc[LENS, "region"]
    answer = similar(LENS, atlas, same_region=True)
    assert set(answer["region"]) == {region}
    whole = similar(LENS, atlas, n=1000)
    its_own = list(whole.index[whole["region"] == region])
    assert len(its_own) >= 10
    assert list(answer.index) == its_own[:10]


def test_the_weight_of_distance_brings_neighbours(atlas):
    near = similar(LENS, atlas, weights=Weights(0, 0, 0, 0, 3), n=20)
    assert set(near["departement"]) == {"62"}
    assert near["why"].str.fullmatch(r"à \d+\u00a0km de chez vous").all()


# ------------------------------------------------------------------------------------- in words


def test_why_in_words(atlas):
    assert why(LENS, LIEVIN, atlas) == (
        "9\u00a0% moins peuplée, 17\u00a0% moins dense, mêmes programmes (ACV, ORT et TI), "
        "2e commune de son agglomération, à 31\u00a0km d’une ville bien plus grande"
    )
    assert (
        why(LENS, LENS, atlas, weights=Weights(1, 1, 0, 0, 0)) == "de même taille, de même densité"
    )
    assert why(PARIS, LENS, atlas, weights=Weights(1, 0, 0, 0, 0)) == "64 fois moins peuplée"
    assert "sans programme" in why(LENS, BREHAT, atlas)
    assert "hors intercommunalité" in why(LENS, BREHAT, atlas)
    assert (
        why(CHALON, "26281", atlas, weights=Weights(0, 0, 0, 0, 1)) == "à 194\u00a0km de chez vous"
    )


def test_why_of_the_toy_towns():
    atlas, programmes = toy_atlas(), Weights(0, 0, 0, 1, 0)
    said = [why(A, other, atlas, weights=programmes) for other in (B, C, E, F)]
    assert said == [
        "programme commun (ACV)",
        "mêmes programmes (ACV et ORT)",
        "aucun programme commun",
        "sans programme",
    ]
    assert why(F, H, atlas, weights=programmes) == "sans programme elle aussi"
    assert why(E, G, atlas, weights=programmes) == "même programme (PVD)"


@pytest.mark.parametrize("code", ["", "99999", "1004", "75113"])
def test_an_unknown_code_is_told(atlas, code):
    for work in (similar, inspiring, profile):
        with pytest.raises(UnknownValueError, match="code INSEE d’aucune commune"):
            work(code, atlas)


# -------------------------------------------------------------------------------------- weights


@pytest.mark.parametrize("bad", [-1, 3.5, float("nan"), "2", None])
def test_a_weight_out_of_its_range_is_refused(bad):
    with pytest.raises(UnknownValueError, match="Poids taille"):
        Weights(size=bad)


def test_weights_that_are_all_zero_are_refused():
    with pytest.raises(UnknownValueError, match="ne retient aucun critère"):
        Weights(0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("", EVEN),
        ("size=2,density=0", Weights(size=2, density=0)),
        (" taille = 2 , distance=1.5", Weights(size=2, distance=1.5)),
        ("rôle=3,programmes=0", Weights(role=3, programmes=0)),
    ],
)
def test_weights_from_text_and_back(text, weights):
    assert Weights.from_text(text) == weights
    assert Weights.from_text(weights.to_text()) == weights


@pytest.mark.parametrize("text", ["couleur=1", "size", "size=beaucoup", "size=9", "=1"])
def test_weights_that_cannot_be_read_are_told(text):
    with pytest.raises(UnknownValueError):
        Weights.from_text(text)


# ------------------------------------------------------------------------- projects, programmes


def test_inspiring_projects_are_elsewhere_and_fit(atlas):
    found = inspiring(LENS, atlas, within_km=100)
    assert list(found.columns) == list(PROJECT_COLUMNS)
    assert "lens-ecole-production" not in found.index
    assert found.index.is_unique
    assert (found["alike"] | found["near"]).all()
    assert (found["alike"] == (found["likeness"] >= ALIKE)).all()
    assert found.loc["saint-omer-la-station", "fits"] == "à 54\u00a0km de chez vous"
    assert found.loc["usinerie", "fits"].startswith("ville qui vous ressemble, 74 sur 100\u00a0: ")


def test_the_radius_adds_what_is_near_and_takes_nothing_away(atlas):
    near, far = (inspiring(LENS, atlas, within_km=km) for km in (25, 100))
    assert set(near.index) <= set(far.index)
    assert "saint-omer-la-station" not in near.index


def test_a_town_unlike_any_other_is_given_something_to_see(atlas):
    found = inspiring(SAINT_DENIS, atlas)
    assert len(found) == 3
    assert not (found["alike"] | found["near"]).any()
    assert found["fits"].str.startswith("à défaut de ville semblable ou proche, à ").all()


def test_places_come_before_tools_then_contacts_then_the_better_match(atlas):
    found = inspiring(LENS, atlas)
    keys = zip(found["kind"] == "outil", ~found["contact"], -found["match"], strict=True)
    keys = list(keys)
    assert keys == sorted(keys)
    assert {key[:2] for key in keys} == {(False, False), (False, True)}
    assert order_said(found, within_km=50).startswith("D’abord ceux d’une ville semblable")


BEAUVOISIN = "30033"
"""No town alike has a project; one 261 km away gives no contact."""


def test_without_a_town_alike_the_nearest_that_give_a_contact_come_first(atlas):
    for code in (BEAUVOISIN, SAINT_DENIS, *atlas.communes.sample(60, random_state=15).index):
        found = inspiring(code, atlas)
        rest = found[~(found["alike"] | found["near"])]
        assert rest["contact"].all(), code
        assert (rest["kind"] != "outil").all(), code
        assert rest["km"].is_monotonic_increasing, code
    found = inspiring(BEAUVOISIN, atlas)
    assert list(found.index) == ["shop-in-romans", "issoire-industrie-40", "lainamac"]
    assert order_said(found, within_km=50).endswith(
        "à défaut, les plus proches dont un contact est donné."
    )


def test_the_programmes_that_towns_alike_carry(atlas):
    alike = similar(SAINT_DENIS, atlas)
    found = missing_programmes(SAINT_DENIS, alike, atlas)
    mine = atlas.communes.loc[SAINT_DENIS, "programmes"]
    for programme, row in found.iterrows():
        carriers = [code for code, has in alike["programmes"].items() if programme in has]
        assert programme not in mine
        assert list(row["towns"]) == carriers
        assert row["share"] == len(carriers) / 10
    assert found["share"].is_monotonic_decreasing
    assert found.loc["ACV", "label"] == "Action cœur de ville"


def test_no_programme_is_missing_from_who_carries_the_same():
    found = missing_programmes(A, similar(A, toy_atlas(), n=3), toy_atlas())
    assert len(found) == 0
    assert list(found.columns) == ["label", "n_towns", "share", "towns"]


def test_towns_with_projects_keep_their_order_and_mentions_do_not_count(atlas):
    seen = (atlas.sites["kind"] != "mention") & (atlas.sites["role"] != "exemple")
    counted = atlas.sites.loc[seen, "code_insee"]
    mentioned = sorted(set(atlas.sites["code_insee"]) - set(counted))
    codes = [LIEVIN, *mentioned, *sorted(set(counted), reverse=True)]
    assert list(with_projects(codes, atlas)) == [code for code in codes if code in set(counted)]
    assert with_projects([], atlas) == ()


def test_a_ground_that_a_tool_studied_is_no_project_to_visit(atlas):
    for code in ("16102", "16015", "22093", "76217"):
        assert "observatoire-territoires-industrie" not in inspiring(code, atlas).index
    assert with_projects(["16102", "76217"], atlas) == ("76217",)
    assert "observatoire-territoires-industrie" not in inspiring("17415", atlas).index
