"""Place → commune: expected answers can be checked in the COG 2026."""

import pandas as pd
import pytest

from villeactive.geography import referential
from villeactive.geography.locate import Location, locate

FOUND = [
    ({"name": "Chalon-sur-Saône"}, "71076"),
    ({"name": "CHALON SUR SAONE", "departement": "71"}, "71076"),
    ({"name": "Chalon-sur-Saône (71)"}, "71076"),
    ({"name": "Chalon-sur-Saône (Saône-et-Loire)"}, "71076"),
    ({"name": "Chalon s/ Saône"}, "71076"),
    ({"name": "71100 Chalon-sur-Saône"}, "71076"),
    ({"name": "Chalon-sur-Saône 71321 CEDEX"}, "71076"),
    ({"name": "Rochefort (17)"}, "17299"),
    ({"name": "Rochefort 17"}, "17299"),
    ({"name": "Rochefort - Charente-Maritime"}, "17299"),
    ({"name": "Rochefort", "departement": "charente maritime"}, "17299"),
    ({"name": "St Omer", "departement": "Pas-de-Calais (62)"}, "62765"),
    ({"name": "Saint-Nazaire", "postcode": "44600"}, "44184"),
    ({"name": "Plouhinec", "departement": 56}, "56169"),
    ({"name": "Ste-Maxime"}, "83115"),
    ({"name": "Œuilly", "departement": "02"}, "02565"),
    ({"name": "Oeuilly", "departement": "2"}, "02565"),
    ({"name": "Mureaux (Les)"}, "78440"),
    ({"name": "Mureaux"}, "78440"),
    ({"name": "Havre, Le"}, "76351"),
    ({"name": "Isle-Jourdain (L') (32)"}, "32160"),
    ({"name": "L’Isle-Jourdain", "departement": "Gers"}, "32160"),
    ({"name": "Lamballe"}, "22093"),
    ({"name": "Montbenoît"}, "25390"),
    ({"name": "Neussargues en Pinatelle"}, "15141"),
    ({"name": "Paris 19e"}, "75056"),
    ({"name": "Paris (19e)"}, "75056"),
    ({"name": "19e arrondissement de Paris"}, "75056"),
    ({"name": "75019 Paris"}, "75056"),
    ({"name": "Lyon 3e arrondissement"}, "69123"),
    ({"name": "Lyon 69"}, "69123"),
    ({"name": "Ajaccio", "departement": "2a"}, "2A004"),
    ({"name": "Ajaccio", "departement": "20"}, "2A004"),
    ({"name": "Saint-Denis (La Réunion)"}, "97411"),
    ({"name": "Château-Chinon (Ville)"}, "58062"),
    ({"code_insee": "75119"}, "75056"),
    ({"code_insee": "22142"}, "22093"),
    ({"code_insee": "2a004"}, "2A004"),
    ({"code_insee": "1004"}, "01004"),
    ({"code_insee": 1004.0}, "01004"),
    ({"code_insee": "71076", "name": "Chalon sur Saone"}, "71076"),
    ({"code_insee": "22093", "name": "Lamballe"}, "22093"),
    ({"code_insee": "75119", "name": "Paris 19e"}, "75056"),
    ({"name": "71076"}, "71076"),
]


@pytest.mark.parametrize(("question", "code"), FOUND)
def test_found(question, code):
    answer = locate(**question)
    assert (answer.status, answer.code_insee) == ("found", code)
    assert answer.name == referential.read_communes().name[code]
    assert answer.departement == referential.read_communes().departement[code]
    assert answer.reason.endswith(".")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Rochefort", ["17299", "73214", "21526"]),  # the last is Rochefort-sur-Brévon today
        ("Saint-Omer", ["62765", "14635"]),
        ("Valence", ["26362", "82186", "16392"]),  # the last was Valence until it merged
        ("Aubusson", ["23008", "61011"]),
        ("Isle-Jourdain (L')", ["32160", "86112"]),
        ("Château-Chinon", ["58062", "58063"]),
    ],
)
def test_homonyms_are_never_guessed(name, codes):
    answer = locate(name)
    assert (answer.status, answer.code_insee) == ("ambiguous", None)
    assert [c[0] for c in answer.candidates] == codes  # by population
    assert "précisez le département" in answer.reason


def test_candidate_tells_where_and_how_many():
    assert locate("Saint-Omer").candidates[0] == (
        "62765",
        "Saint-Omer",
        "62",
        "Pas-de-Calais",
        14382,
    )


def test_current_name_beats_former_ones_only_within_its_departement():
    # Vars (05) and Vars (70) bear the name; La Boixe (16) was called Vars.
    assert locate("Vars").status == "ambiguous"
    assert locate("Vars", departement="16").code_insee == "16393"
    assert locate("Vars", departement="05").code_insee == "05177"


def test_contradictions_are_told():
    wrong = locate("Chalon-sur-Saône", departement="21")
    assert wrong.status == "missing"
    assert wrong.candidates[0][0] == "71076"
    assert "Côte-d'Or (21)" in wrong.reason
    other = locate("Dijon", code_insee="71076")
    assert other.status == "ambiguous"
    assert {c[0] for c in other.candidates} == {"21231", "71076"}
    assert locate(code_insee="71076", departement="21").status == "ambiguous"
    assert "contredisent" in locate("Rochefort (17)", departement="73").reason
    assert "contredisent" in locate("Saint-Omer", departement="62", postcode="44600").reason


def test_missing_has_a_reason_and_near_spellings():
    assert locate("Bourg en Brese").candidates[0][0] == "01053"
    assert locate("Saint-Dié des Voges").candidates[0][0] == "88413"
    assert "zéro initial" in locate(code_insee="1999").reason
    assert locate("Issoire", departement="99").reason == (
        "Le département «\u00a099\u00a0» est inconnu."
    )
    assert locate("Paris 21e").status == "missing"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "  ",
        float("nan"),
        pd.NA,
        pd.NaT,
        "(",
        ")(",
        "日本",
        ["a"],
        b"x",
        3.5,
        "a" * 100_000,
    ]
    + ["\x00", "((((", "Les", "L'", "()", ",", "-", "{{name}}", "<b>", "2A", "00000", "99999"],
)
def test_any_input_gets_an_answer(value):
    for field in ("name", "departement", "code_insee", "postcode"):
        answer = locate(**{field: value})
        assert isinstance(answer, Location)
        assert answer.status in {"ambiguous", "missing"}
        assert answer.reason


def test_empty_says_so():
    assert locate().reason == "Aucun nom ni code n’est donné."


def test_every_commune_is_found_by_name_and_departement():
    """No two communes of one département share a name: 34 875 asked, 34 875 found."""
    communes = referential.read_communes()
    pairs = zip(communes.name, communes.departement, strict=True)
    found = [locate(name, departement=departement).code_insee for name, departement in pairs]
    assert len(found) == 34_875
    assert found == list(communes.index)


def test_names_alone_are_found_or_ambiguous_with_the_right_candidate():
    for code, name in referential.read_communes().name.iloc[::50].items():
        answer = locate(name)
        found = [answer.code_insee, *(c[0] for c in answer.candidates)]
        assert code in found, name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Évry", "91228"), ("Courcouronnes", "91228"), ("Octeville", "50129"),
        ("Cherbourg", "50129"), ("Châlons-sur-Marne", "51108"), ("Saint-Dié", "88413"),
        ("Amareins", "01165"),
    ],
)  # fmt: skip
def test_towns_are_found_by_names_lost_in_a_merger_or_given_up(name, code):
    assert locate(name, departement=code[:2]).code_insee == code


def test_a_name_that_is_gone_does_not_hide_who_bears_it_today():
    # a village of the Essonne was Thionville too; its commune has 800 inhabitants
    assert locate("Thionville").code_insee == "57672"
    # another Évry, in the Yonne, bears the name today: never guessed
    assert locate("Évry").status == "ambiguous"
    assert locate("Évry", postcode="91000").code_insee == "91228"
