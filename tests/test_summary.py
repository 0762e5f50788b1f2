"""Figures: what cannot be added is never added."""

import pytest

from villeactive.analysis import summary
from villeactive.filtering import apply
from villeactive.selection import Selection


def test_issoire_never_counts_the_grant_inside_the_universitys_share(atlas):
    # 31 000 (université, 20 000 of them from the Région) + 31 000 (Ville); 2 000 a year (Agglo)
    assert summary.amounts([atlas.sheets["issoire-industrie-40"]]) == [
        ("investment", "", "HT", 62000.0, 2, 1),
        ("running", "", "HT", 2000.0, 1, 1),
    ]


def test_rochefort_is_four_lines(atlas):
    # 4 M€ land + 4 M€ works + 1.5 M€ demolition + 0.2 M€ studies
    assert summary.amounts([atlas.sheets["rochefort-pole-aeronautique"]]) == [
        ("investment", "", "", 9700000.0, 4, 1)
    ]


def test_romans_is_a_yearly_cost(atlas):
    assert summary.amounts([atlas.sheets["shop-in-romans"]]) == [
        ("running", "year", "", 20000.0, 1, 1)
    ]


def test_the_whole_atlas_keeps_four_kinds_of_money_apart(atlas):
    totals = summary.amounts(atlas.sheets.values())
    assert totals == [
        ("investment", "", "", 9700000.0, 4, 1),
        ("investment", "", "HT", 62000.0, 2, 1),
        ("running", "", "HT", 2000.0, 1, 1),
        ("running", "year", "", 20000.0, 1, 1),
    ]
    # the same from the lines: nine printed, one of which is inside another
    lines = [line for sheet in atlas.sheets.values() for line in sheet.budget]
    assert len(lines) == 9
    assert sum(one.n_lines for one in totals) == 8
    told = sum(line.amount_eur for line in lines)
    assert sum(one.amount_eur for one in totals) == told - 20000


def test_no_amount_is_a_result(atlas):
    assert summary.amounts([]) == []
    assert summary.amounts([atlas.sheets["usinerie"]]) == []


def test_by_theme_says_zero(atlas):
    assert summary.by_theme(apply(Selection(), atlas), atlas) == {
        "apprendre-travailler": 10, "filieres-productions": 10,
    }  # fmt: skip
    assert summary.by_theme(apply(Selection(departement=("17",)), atlas), atlas) == {
        "apprendre-travailler": 0, "filieres-productions": 1,
    }  # fmt: skip


def test_by_region_may_exceed_the_total(atlas):
    counts = summary.by_region(apply(Selection(), atlas))
    assert counts == {
        "75": 4,  # Lesparre, Rochefort, Aubusson; the Observatoire at Angoulême and Cognac
        "28": 3,  # Dieppe, Lisieux; the Observatoire at Dieppe
        "52": 3,  # Laval, Cholet, Saint-Nazaire
        "27": 2,  # Chalon, Sens
        "32": 2,  # Lens, Saint-Omer
        "53": 2,  # Plouhinec; the Observatoire at Lamballe
        "76": 2,  # Corpoworking, L'Isle-Jourdain
        "84": 2,  # Issoire, Romans
        "11": 1,  # Les Mureaux
        "44": 1,  # Strasbourg
    }
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    assert sum(counts.values()) == 20 + 2  # the Observatoire is in three régions


def test_only_the_sites_that_match_count(atlas):
    assert summary.by_region(apply(Selection(region=("53",)), atlas)) == {"53": 2}
    assert summary.n_towns(apply(Selection(region=("53",)), atlas)) == 2
    assert summary.n_towns(apply(Selection(kind=("outil",)), atlas)) == 7


def test_towns_of_the_projects(atlas):
    # 25 sites, two of them at Dieppe
    assert summary.n_towns(apply(Selection(), atlas)) == 24


def test_by_programme_in_vocabulary_order(atlas):
    pvd = summary.by_programme(apply(Selection(programme=("PVD",), region=("75",)), atlas))
    # Lesparre: PVD, FABT; Aubusson: PVD, ORT, MANUP, TI, TI1
    assert list(pvd.items()) == [
        ("PVD", 2), ("ORT", 1), ("FABT", 1), ("MANUP", 1), ("TI", 1), ("TI1", 1),
    ]  # fmt: skip


def test_labelled_towns_of_a_territory(atlas):
    corse = summary.labelled(Selection(region=("94",)), atlas)
    assert corse == {"ACV": 2, "PVD": 12}
    carried = atlas.carried.merge(atlas.communes, left_on="code_insee", right_index=True)
    there = carried[(carried["region"] == "94") & (carried["programme"] == "PVD")]
    assert there["code_insee"].nunique() == 12
    assert summary.labelled(Selection(region=("94",), programme=("ACV",)), atlas) == {"ACV": 2}
    assert summary.labelled(Selection(theme=("apprendre-travailler",)), atlas) == {}


def test_two_ways_to_the_same_number(atlas):
    everything = apply(Selection(), atlas)
    for code, count in summary.by_region(everything).items():
        assert count == len(apply(Selection(region=(code,)), atlas).counted)
    for code, count in summary.by_programme(everything).items():
        assert count == len(apply(Selection(programme=(code,)), atlas).counted)


def test_nothing_is_zero(atlas):
    nothing = apply(Selection(region=("01",)), atlas)
    assert summary.by_theme(nothing, atlas) == {
        "apprendre-travailler": 0,
        "filieres-productions": 0,
    }
    assert summary.by_region(nothing) == {}
    assert summary.by_programme(nothing) == {}
    assert summary.n_towns(nothing) == 0


def test_actors(atlas):
    table = summary.actors(atlas)
    assert list(table.columns) == ["organisation", "role", "project"]
    assert not table.duplicated().any()
    payers = table[
        (table["role"] == "funders") & (table["project"] == "rochefort-pole-aeronautique")
    ]
    assert "ca-rochefort-ocean" in set(payers["organisation"])
    assert set(table["organisation"]) <= set(atlas.organisations)


def test_nearby(atlas):
    near = summary.nearby("lens-ecole-production", atlas, most=2)
    assert [key for key, _ in near] == ["saint-omer-la-station", "dieppe-cnam"]
    assert [km for _, km in near] == pytest.approx([54.5, 137.4], abs=0.5)
    assert len(summary.nearby("usinerie", atlas)) == 4
    assert all(key != "usinerie" for key, _ in summary.nearby("usinerie", atlas, most=99))
    assert len(summary.nearby("usinerie", atlas, most=99)) == 19
