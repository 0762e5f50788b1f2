"""Places written as people write them: none is found at a wrong place.

Each manner rewrites the names of communes drawn at random (the seed is printed when a test fails);
the answer is the commune itself or no commune, and for most manners it is the commune.
"""

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from villeactive.documents.csv_geojson import projects_table, to_csv
from villeactive.geography import referential
from villeactive.geography.gazetteer import (
    communes,
    current_names,
    departement_codes,
    is_outside,
    names_in,
    place_key,
)
from villeactive.geography.locate import Location, locate
from villeactive.geography.spelling import one_letter_off
from villeactive.tables.located import locate_file

SEED = 20261128
N = 1_000
CASES = Path(__file__).resolve().parents[2] / "shared" / "cases" / "places.csv"


class Place(NamedTuple):
    code: str
    name: str
    departement: str


def drawn(seed: int = SEED) -> list[Place]:
    table = referential.read_communes()
    picked = random.Random(seed).sample(sorted(table.index), N)
    rows = table.loc[picked]
    return list(map(Place._make, zip(rows.index, rows.name, rows.departement, strict=True)))


def article_last(name: str) -> str:
    for article in ("Le ", "La ", "Les ", "L'"):
        if name.startswith(article):
            return f"{name.removeprefix(article)} {article.strip()}".upper()
    return name


def without_article(name: str) -> str:
    return name.split(" ", 1)[1] if name.split(" ")[0] in {"Le", "La", "Les"} else name


def of(name: str) -> str:
    for article, link in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return f"Mairie {link}{name.removeprefix(article)}"
    vowel = name[0] in "AEÉÈÊIÎOUYHŒ"
    return f"Mairie d'{name}" if vowel else f"Mairie de {name}"


MANNERS: dict[str, tuple[Callable[["Place"], dict], float]] = {
    "as is": (lambda p: {"name": p.name, "departement": p.departement}, 1),
    "capitals": (lambda p: {"name": place_key(p.name).upper(), "departement": p.departement}, 1),
    "Dnn": (lambda p: {"name": p.name, "departement": f"D{p.departement}"}, 1),
    "a zero before": (lambda p: {"name": p.name, "departement": p.departement.zfill(3)}, 1),
    "number and name": (
        lambda p: {
            "name": p.name,
            "departement": f"{p.departement} - {communes()[p.code].departement_name}",
        },
        1,
    ),
    "in brackets": (lambda p: {"name": f"{p.name} ({p.departement})"}, 1),
    "article last": (lambda p: {"name": article_last(p.name), "departement": p.departement}, 0.999),
    "article missing": (
        lambda p: {"name": without_article(p.name), "departement": p.departement},
        0.99,
    ),
    "article added": (
        lambda p: {"name": f"Le {without_article(p.name)}", "departement": p.departement},
        0.97,
    ),
    "s/": (lambda p: {"name": p.name.replace("-sur-", "-s/-"), "departement": p.departement}, 1),
    "slash": (lambda p: {"name": p.name.replace("-sur-", "/"), "departement": p.departement}, 1),
    "-s-": (lambda p: {"name": p.name.replace("-sur-", "-s-"), "departement": p.departement}, 1),
    "ss": (lambda p: {"name": p.name.replace("-sous-", " ss "), "departement": p.departement}, 1),
    "lez": (lambda p: {"name": p.name.replace("-lès-", "-lez-"), "departement": p.departement}, 1),
    "St": (
        lambda p: {
            "name": p.name.replace("Saint-", "St ").replace("Sainte-", "Ste "),
            "departement": p.departement,
        },
        1,
    ),
    "words together": (
        lambda p: {"name": p.name.replace("'", ""), "departement": p.departement},
        0.99,
    ),
    "town hall": (lambda p: {"name": of(p.name), "departement": p.departement}, 0.99),
    "a note": (
        lambda p: {"name": f"{p.name} début tvx 06/02/18", "departement": p.departement},
        0.99,
    ),
    "new commune": (
        lambda p: {"name": f"{p.name} (commune nouvelle)", "departement": p.departement},
        0.999,
    ),
    "of the territory": (
        lambda p: {"name": f"{p.name} en {communes()[p.code].departement_name}"},
        0.95,
    ),
    "name alone": (lambda p: {"name": p.name}, 0.75),
    "code": (lambda p: {"code_insee": p.code}, 1),
    "code kept as text": (lambda p: {"code_insee": f'="{p.code}"'}, 1),
    "code with apostrophe": (
        lambda p: {"code_insee": f"'{p.code}" if p.code[0] == "0" else p.code},
        1,
    ),
    "code as number": (lambda p: {"code_insee": f"{p.code.lstrip('0')}.0"}, 1),
    "code and name, wrong département": (
        lambda p: {
            "name": p.name,
            "code_insee": p.code,
            "departement": "75" if p.departement != "75" else "13",
        },
        1,
    ),
    "spaced slash": (
        lambda p: {"name": p.name.replace("-sur-", " / "), "departement": p.departement},
        0.98,
    ),
    "a note in brackets": (
        lambda p: {"name": f"{p.name} - phase 2 (travaux en cours)", "departement": p.departement},
        0.99,
    ),
    "empty by error": (
        lambda p: {
            "name": p.name,
            "departement": p.departement,
            "code_insee": "#N/D",
            "postcode": "NC",
        },
        1,
    ),
}


def wrong(answers: list[tuple[tuple, Location]]) -> list[str]:
    return [
        f"{asked} → {answer.code_insee} {answer.name}"
        for asked, answer in answers
        if answer.status == "found" and answer.code_insee != asked[0]
    ]


@pytest.mark.parametrize("manner", MANNERS)
def test_no_place_written_by_people_is_wrong(manner):
    write, least = MANNERS[manner]
    answers = [(place, locate(**write(place))) for place in drawn()]
    assert not wrong(answers), f"seed {SEED}"
    found = sum(answer.status == "found" for _, answer in answers)
    assert found >= least * N, [a for a in answers if a[1].status != "found"][:5]


@pytest.mark.parametrize("ending", ["-Plage", "-les-Bains", "-sur-Mer", "-Centre", " Village"])
def test_a_name_that_goes_on_is_never_taken_for_another(ending):
    answers = [
        (place, locate(f"{place.name}{ending}", departement=place.departement)) for place in drawn()
    ]
    known = {key for names in names_in().values() for key, _ in names}
    asked = [(a, b) for a, b in answers if place_key(f"{a.name}{ending}") not in known]
    assert not wrong(asked), f"seed {SEED}"


def test_a_territory_in_a_name_never_leaves_the_departement_asked():
    chance = random.Random(SEED)
    codes = list(referential.read_departements().index)
    for place in drawn():
        departement = chance.choice(codes)
        answer = locate(place.name, departement=departement)
        found = answer.code_insee
        assert found is None or communes()[found].departement == departement, f"seed {SEED}"
    for name, departement in (("Poix-du-Nord", "61"), ("Villers-en-Vexin", "59")):
        assert locate(name, departement=departement).status == "missing"


def test_a_slip_beside_the_postcode_is_found_or_left_open_never_taken_for_another():
    chance = random.Random(SEED)
    postcodes = referential.read_postcodes().postcodes
    answers = []
    for code, name, departement in drawn():
        key = place_key(name)
        at = chance.randrange(1, len(key)) if len(key) > 1 else 0
        asked = key[:at] + key[at + 1 :]
        answer = locate(asked, postcode=postcodes[code].split()[0])
        answers.append(((code, asked, departement), answer))
    assert not wrong(answers), f"seed {SEED}"


def test_a_slip_is_found_or_left_open_never_taken_for_another():
    chance = random.Random(SEED)
    answers = []
    for code, name, departement in drawn():
        key = place_key(name)
        long = [w for w in key.split() if len(w) >= 6]
        if not long:
            continue
        word = chance.choice(long)
        at = chance.randrange(1, len(word) - 1)
        slipped = key.replace(word, word[:at] + word[at + 1 :], 1)
        answers.append(((code, slipped), locate(slipped, departement=departement)))
    others = {key for names in names_in().values() for key, _ in names}
    mistaken = [(a, b) for a, b in answers if a[1] not in others]
    assert not wrong(mistaken), f"seed {SEED}"
    assert sum(b.status == "found" for _, b in mistaken) > 0.7 * len(mistaken)


def test_a_code_beside_a_neighbours_name_is_ambiguous_with_both():
    chance = random.Random(SEED)
    for code, _, departement in drawn()[:300]:
        other = chance.choice([c for _, c in names_in()[departement] if c != code])
        answer = locate(communes()[other].name, code_insee=code, departement=departement)
        if place_key(communes()[other].name) in {
            n for n, c in names_in()[departement] if c == code
        }:
            continue
        assert answer.status == "ambiguous", (code, other)
        assert {code, other} <= {c.code_insee for c in answer.candidates}


def test_territories_alone_name_no_commune_for_sure():
    for table in (referential.read_departements(), referential.read_regions()):
        for name in table.name:
            answer = locate(name)
            assert answer.status != "found" or name == "Paris", name
    assert locate("Vienne").candidates[0].code_insee == "38544"
    assert locate("Vienne", departement="38").code_insee == "38544"
    assert locate("Mayenne", postcode="53100").code_insee == "53147"
    assert locate("Creuse", code_insee="80225").code_insee == "80225"


@pytest.mark.parametrize(
    ("question", "status", "codes"),
    [
        ({"code_insee": "75012"}, "ambiguous", {"92012", "75056"}),
        ({"code_insee": "75012", "departement": "92"}, "found", {"92012"}),
        ({"code_insee": "75012", "name": "Boulogne-Billancourt"}, "found", {"92012"}),
        ({"code_insee": "75012", "name": "Paris"}, "found", {"75056"}),
        ({"name": "PLOERMEL", "departement": "56", "code_insee": "56161"}, "ambiguous",
         {"56161", "56165"}),
        ({"name": "ANNEMASSE", "departement": "01", "code_insee": "74012"}, "found", {"74012"}),
        ({"name": "Saint-Flour"}, "ambiguous", {"15187", "63343"}),
        ({"name": "Le Vigan"}, "ambiguous", {"30350", "46334"}),
        ({"name": "HARGICOURT"}, "ambiguous", {"02370", "80625"}),
        ({"name": "Châlons-sur-Maine", "departement": "51"}, "missing", {"51108"}),
        ({"name": "Montreuil", "departement": "62"}, "found", {"62588"}),
        ({"name": "Lagny", "departement": "77"}, "found", {"77243"}),
        ({"name": "Chamonix", "postcode": "74400"}, "found", {"74056"}),
        ({"name": "Berck-sur-Mer"}, "found", {"62108"}),
        ({"name": "Poix-du-Nord", "departement": "61"}, "missing", {"59464"}),
        ({"name": "Cannes-sur-Mer", "departement": "06"}, "missing", {"06027"}),
        ({"name": "Houdemont", "postcode": "54330"}, "ambiguous", {"54264", "54265"}),
        ({"name": "Marcy", "postcode": "02250"}, "ambiguous", {"02459", "02460"}),
        ({"name": "Argelès", "postcode": "65400"}, "ambiguous", {"65024", "65025"}),
        ({"name": "Sièges"}, "ambiguous", {"39579", "89395"}),
        ({"name": "Breuil", "departement": "51"}, "ambiguous", {"51085", "51086"}),
        ({"name": "Ville / Lumes", "departement": "08"}, "found", {"08483"}),
        ({"name": "Vaux / Vienne", "departement": "86"}, "found", {"86279"}),
        ({"name": "Rochefort / Charente-Maritime"}, "found", {"17299"}),
        ({"name": "Ville Lumes", "departement": "08"}, "missing", {"08483"}),
        ({"name": "Saint"}, "missing", {"56201"}),
        ({"name": "Lens (Suisse)"}, "missing", {"62498"}),
        ({"name": "Cahors (Lot)"}, "found", {"46042"}),
        ({"name": "Ver-sur-Mer en Calvados"}, "found", {"14739"}),
        ({"name": "Castelnau-le-Lez en Hérault"}, "found", {"34057"}),
        ({"name": "Stes-Maries-de-la-Mer", "departement": "13"}, "found", {"13096"}),
        ({"name": "VIIIe arrondissement de Paris"}, "found", {"75056"}),
    ],
)  # fmt: skip
def test_what_was_taken_for_another(question, status, codes):
    answer = locate(**question)
    assert answer.status == status
    named = {answer.code_insee} if status == "found" else {c.code_insee for c in answer.candidates}
    assert codes <= named


@pytest.mark.parametrize(
    "question",
    [
        {"name": "Nouméa"}, {"name": "Papeete", "postcode": "98714"}, {"code_insee": "98818"},
        {"name": "Saint-Barthélemy", "departement": "977"}, {"code_insee": "97123"},
        {"name": "Uturoa", "departement": "Polynésie française"}, {"code_insee": "97801"},
    ],
)  # fmt: skip
def test_overseas_collectivities_are_outside_and_said_so(question):
    answer = locate(**question)
    assert answer.status == "missing"
    assert answer.reason.startswith("hors de l’atlas\u00a0: collectivité d’outre-mer")


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("62", {"62"}), ("062", {"62"}), ("D62", {"62"}), ("62.0", {"62"}), ("20A", {"2A"}),
        ("20", {"2A", "2B"}), ("2b", {"2B"}), ("97", {"971", "972", "973", "974", "976"}),
        ("985", {"976"}), ("Guyane Française", {"973"}), ("62 - Pas-de-Calais", {"62"}),
        ("Pas-de-Calais (62)", {"62"}), ("cotes d armor", {"22"}), ("Réunion", {"974"}),
        ("Corse", {"2A", "2B"}), ("Bretagne", {"22", "29", "35", "56"}), ("dept 1", {"01"}),
        ("Nord-Pas-de-Calais", {"59", "62"}), ("FR-62", {"62"}),
        ("99", None), ("62 - Nord", None), ("Lens", None),
    ],
)  # fmt: skip
def test_cells_of_departement(cell, codes):
    assert departement_codes(cell) == (None if codes is None else frozenset(codes))


def test_a_name_that_says_too_little_is_told_in_a_whole_sentence():
    assert locate("Saint").reason == (
        "«\u00a0Saint\u00a0» ne suffit pas\u00a0: donnez le nom entier de la commune."
    )


def test_outside_is_told_by_any_number():
    assert is_outside(code="98818")
    assert is_outside(postcode="97133")
    assert is_outside(departement="Nouvelle-Calédonie")
    assert not is_outside(code="97411", postcode="97400", departement="974")


def test_one_letter_off_is_one_letter_of_one_long_word():
    assert one_letter_off("saint omer sur saone", "saint omer sur saonne") is False  # a territory
    assert one_letter_off("ploemel", "ploermel")
    assert not one_letter_off("lens", "sens")
    assert not one_letter_off("bourg en bresse", "bourg la bresse")


def test_usual_names_are_of_communes_and_of_nobody_else():
    table = referential.read_usual_names()
    known = set(map(place_key, referential.read_communes().name))
    for name, code in zip(table.name, table.code_insee, strict=True):
        assert code in communes()
        assert place_key(name) not in known


def test_no_name_of_today_holds_what_is_short_in_a_cell():
    # question() takes a text that folds to a name as it is, without looking for what is short
    assert not [name for name in current_names()[0] if {"s", "ss", "cedex"} & set(name.split())]


@pytest.mark.skipif(not CASES.exists(), reason=f"{CASES.name} is not beside the repository")
def test_every_case_given():
    for row in csv.DictReader(CASES.read_text(encoding="utf-8").splitlines()):
        expected = row.pop("expected").split("|")
        answer = locate(row.pop("name"), **row)
        got = answer.code_insee if answer.status == "found" else answer.status.upper()
        if answer.reason.startswith("hors de l’atlas"):
            got = "OUTSIDE"
        assert got in expected, (row, answer)


def test_a_table_of_misspelt_names_loses_none(tmp_path):
    chance = random.Random(SEED)
    table = referential.read_communes().sample(2_000, random_state=SEED)
    names = [n[:2] + chance.choice("bcdfg") + n[3:] for n in table.name]
    source, target = tmp_path / "lieux.csv", tmp_path / "sortie.csv"
    table.assign(name=names)[["name", "departement"]].to_csv(source, index=False)
    assert sum(locate_file(source, target).values()) == 2_000
    with target.open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == names


@pytest.mark.parametrize(
    "text",
    [
        "Commune,Dép\nLens,62\n",
        " name ;departement\nLens;62\n",
        "Name\tDépartement\nLens\tPas-de-Calais\n",
        "Code INSEE;Projet\n62498;x\n",
        "Liste des projets 2024\n\nCommune;Département\nLens;62\n",
        "sep=;\nCommune;Code postal\nLens;62300\n",
        '\ufeff"Identifiant";"Commune";"Code INSEE"\n"a";"Lens";"62498"\n',
    ],
)
def test_a_table_is_read_under_the_headers_that_people_write(tmp_path, text):
    source, target = tmp_path / "lieux.csv", tmp_path / "sortie.csv"
    source.write_text(text, encoding="utf-8")
    assert locate_file(source, target) == {"found": 1, "ambiguous": 0, "missing": 0}
    assert "62498" in target.read_text(encoding="utf-8-sig")


def test_our_own_export_is_read(tmp_path, atlas):
    source, target = tmp_path / "projets.csv", tmp_path / "sortie.csv"
    table = projects_table(atlas.projects, atlas)
    source.write_bytes(to_csv(table, day=date(2026, 11, 28)))
    counts = locate_file(source, target)
    assert counts == {"found": len(atlas.projects), "ambiguous": 0, "missing": 0}


def test_a_table_of_postcodes_alone_is_read(tmp_path):
    source, target = tmp_path / "lieux.csv", tmp_path / "sortie.csv"
    source.write_text("postcode\n80000\n62300\n", encoding="utf-8")
    assert locate_file(source, target) == {"found": 1, "ambiguous": 1, "missing": 0}


def test_former_regions_are_whole_departements_of_the_region_that_holds_them():
    home = referential.read_departements().region
    seats = referential.read_seats()
    for row in seats[seats.level == "former_region"].itertuples():
        codes = departement_codes(row.name)
        assert codes, row.name
        assert set(home[list(codes)]) == {row.region}, row.name
        assert communes()[row.seat].departement in codes, row.name
