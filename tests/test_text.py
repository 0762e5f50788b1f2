"""French numbers, dates, plurals and folding: spaces are written out, for the eye cannot tell."""

import random
from datetime import date

import pytest

from villeactive.geography.referential import read_communes
from villeactive.text import (
    day,
    enumeration,
    euros,
    fold,
    fold_all,
    in_departement,
    number,
    of,
    plural,
    typed,
    typeset,
    within,
)

THIN, NBSP = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, "1\u202f000"),
        (34875, 0, "34\u202f875"),
        (2103778, 0, "2\u202f103\u202f778"),
        (1234.5, 1, "1\u202f234,5"),
        (9.7, 2, "9,70"),
        (-12.5, 1, "\u221212,5"),
        (-0.4, 0, "0"),
    ],
)
def test_number(value, decimals, shown):
    assert number(value, decimals=decimals) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (20000, f"20{THIN}000{NBSP}€"),
        (999999, f"999{THIN}999{NBSP}€"),
        (1000000, f"1{NBSP}M€"),
        (9700000, f"9,7{NBSP}M€"),
        (1250000, f"1,25{NBSP}M€"),
        (1234567, f"1,235{NBSP}M€"),
        (-2500000, f"\u22122,5{NBSP}M€"),
    ],
)
def test_euros(value, shown):
    assert euros(value) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 projet"), (1, "1 projet"), (2, "2 projets"), (1000, f"1{THIN}000 projets")],
)
def test_zero_and_one_are_singular(count, shown):
    assert plural(count, "projet") == shown


def test_an_irregular_plural_is_given():
    assert plural(1, "lieu cité", "lieux cités") == "1 lieu cité"
    assert plural(9, "lieu cité", "lieux cités") == "9 lieux cités"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2022", "2022"),
        ("2022-09", "septembre 2022"),
        ("2022-09-27", "27 septembre 2022"),
        ("2019-08-01", "1er août 2019"),
        ("2018-02-28", "28 février 2018"),
        ("2018-12", "décembre 2018"),
        (date(2026, 1, 1), "1er janvier 2026"),
    ],
)
def test_day(value, shown):
    assert day(value) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
)
def test_enumeration(words, shown):
    assert enumeration(words) == shown


def test_enumeration_of_choices():
    assert enumeration(["Bretagne", "Normandie"], last="ou") == "Bretagne ou Normandie"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Chalon-sur-Saône", "chalon sur saone"),
        ("L'Isle-Jourdain", "l isle jourdain"),
        ("L’Isle-Jourdain", "l isle jourdain"),
        ("St-Omer", "saint omer"),
        ("Ste Maxime", "sainte maxime"),
        ("Est", "est"),
        ("Œuilly", "oeuilly"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("Ｒｏｃｈｅｆｏｒｔ", "rochefort"),
        ("  Le   Puy\u00a0en\u202fVelay ", "le puy en velay"),
        ("S\u0301e\u0301", "se"),
        ("Дьепп", ""),
        ("…?!", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_fold_twice_is_fold_once_whatever_the_text():
    chance = random.Random(2022)
    for _ in range(3000):
        length = chance.randrange(12)
        text = "".join(chr(chance.choice((chance.randrange(32, 600), chance.randrange(0xD7FF))))
                       for _ in range(length))  # fmt: skip
        once = fold(text)
        assert fold(once) == once, ascii(text)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Annabelle Boutet", "d’Annabelle Boutet"),
        ("Hélène Peskine", "d’Hélène Peskine"),
        ("Raphaël Besson", "de Raphaël Besson"),
        ("Le Havre", "du Havre"),
        ("Les Mureaux", "des Mureaux"),
        ("La Rochelle", "de La Rochelle"),
        ("L’Isle-Jourdain", "de L’Isle-Jourdain"),
        ("Évry", "d’Évry"),
        ("Yvetot", "d’Yvetot"),
        ("Yutz", "de Yutz"),
        ("Honfleur", "de Honfleur"),
    ],
)
def test_elision_before_a_name(name, said):
    assert of(name) == said


def test_a_region_of_one_departement_is_said_once():
    assert within("La Réunion", "La Réunion", code="974") == "La Réunion (974)"
    assert within("Finistère", "Bretagne", code="29") == "Finistère (29), Bretagne"


@pytest.mark.parametrize("sign", [chr(c) for c in (0, 1, 8, 11, 27, 127, 0x85, 0xD800, 0xFFFF)])
def test_what_no_file_can_hold_is_not_taken(sign):
    assert typed(f" {sign}vi{sign}lle ") == "ville"


def test_words_typed_stay_as_they_are():
    assert typed("Œuvre d’été\u202f: « 🏭 »") == "Œuvre d’été\u202f: « 🏭 »"


def test_many_texts_are_folded_as_each_is():
    texts = [
        "",
        "Saint-Étienne\nde Tinée",
        "Ste  Cœur",
        "n° 9 – l’Haÿ",
        "  st ",
        "Œ\u0301\u05b0a",
        "ﬁn",
    ]
    towns = read_communes()["name"].tolist()
    for some in (texts, towns, [], [""]):
        assert fold_all(some) == [fold(one) for one in some]


def test_the_words_of_a_document_get_their_spaces_and_apostrophes_addresses_none():
    told = {"title": "L'Haÿ : 3 km ?", "links": [["Voir", "http://a.fr/l'été ?"]], "n": 2}
    said = "L’Haÿ\u00a0: 3\u00a0km\u00a0?"
    assert typeset(told) == {"title": said, "links": [["Voir", "http://a.fr/l'été ?"]], "n": 2}


def test_a_town_is_named_so_that_no_other_is_meant():
    assert in_departement("L'Haÿ-les-Roses", "94") == "L’Haÿ-les-Roses (94)"
