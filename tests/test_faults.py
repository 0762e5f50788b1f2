"""Every fault of a sheet is one French sentence: file, field, value, remedy."""

import copy
import datetime
from typing import Annotated, Literal

import pytest
from pydantic import AnyUrl, BaseModel, ConfigDict, Field, ValidationError

from tests.sheet_cases import GOOD, parse_project
from villeactive.errors import SheetError
from villeactive.faults import faults_of, shown

ENGLISH = ("input", "should", "valid", "field", "string", "value", "expected", "required", " or ")


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"couleur": "rouge"}, "couleur", "champ inconnu ; corrigez"),
        ({"title": 2024}, "title", "« 2024 » n’est pas un texte ; mettez-le entre guillemets"),
        ({"title": {}}, "title.fr", "manque ; ajoutez"),
        ({"title": {"fr": ""}}, "title.fr", "texte vide"),
        ({"title": {"fr": 12}}, "title.fr", "« 12 » n’est pas un texte ; mettez-le entre"),
        ({"title": {"fr": None}}, "title.fr", "une valeur vide n’est pas un texte"),
        ({"topic_cited": True}, "topic_cited", "« true » n’est pas un texte"),
        ({"id": "Une fiche"}, "id", "« Une fiche » est mal écrit ; écrivez minuscules"),
        ({"strengths": "Une force"}, "strengths", "« Une force » n’est pas une liste"),
        ({"places": [{**GOOD["places"][0], "code_insee": "1053"}]}, "places.0.code_insee",
         "« 1053 » est mal écrit ; écrivez un code INSEE"),
        ({"places": [{**GOOD["places"][0], "siren": "12"}]}, "places.0.siren", "neuf chiffres"),
        ({"places": [{**GOOD["places"][0], "population_cited": 0}]}, "places.0.population_cited",
         "« 0 » est trop petit ; donnez un nombre plus grand que 0"),
        ({"places": [{**GOOD["places"][0], "population_counts": "canton"}]},
         "places.0.population_counts", "« canton » est inconnu ; écrivez l’une de ces valeurs : "
         "commune, epci, territoire"),
        ({"places": [{**GOOD["places"][0], "since": {"XYZ": "2020"}}]}, "places.0.since.XYZ",
         "« XYZ » n’est pas dans la liste « programmes »"),
        ({"places": [{**GOOD["places"][0], "since": [1]}]}, "places.0.since",
         "cette liste n’est pas une suite de champs"),
        ({"reference": {"section": {"fr": "S"}, "pages": ["8"]}}, "reference.pages.0",
         "« 8 » n’est pas un nombre entier"),
        ({"reference": {"section": {"fr": "S"}, "pages": [8.5]}}, "reference.pages.0",
         "« 8.5 » n’est pas un nombre entier"),
        ({"timeline": [{"label": {"fr": "X"}, "date": datetime.date(2022, 1, 3)}]},
         "timeline.0.date", "« 2022-01-03 » n’est pas un texte"),
        ({"timeline": [{"label": {"fr": "X"}, "date": "fin 2022"}]}, "timeline.0.date",
         "« fin 2022 » est mal écrit ; écrivez une date"),
        ({"timeline": [{"label": {"fr": "X"}, "context": "oui"}]}, "timeline.0.context",
         "« oui » n’est ni oui ni non"),
        ({"budget": [{"label": {"fr": "X"}, "amount_eur": "3 M€"}]}, "budget.0.amount_eur",
         "« 3 M€ » n’est pas un nombre"),
        ({"budget": [{"label": {"fr": "X"}, "amount_eur": float("inf")}]}, "budget.0.amount_eur",
         "« inf » n’est pas un nombre"),
        ({"contacts": [{"name": "X", "email": "x@"}]}, "contacts.0.email", "adresse électronique"),
        ({"links": [{"kind": "site", "url": "ftp://x", "label": {"fr": "X"}}]}, "links.0.url",
         "« ftp://x » est mal écrit ; écrivez une adresse entière"),
        ({"partners": [{}]}, "partners.0", "donnez « organisation » ou « note »"),
    ],
)  # fmt: skip
def test_a_fault_is_a_french_sentence(changed, field, said):
    with pytest.raises(SheetError) as caught:
        parse_project(copy.deepcopy(GOOD) | changed, where="une-fiche.yaml")
    (fault,) = caught.value.faults
    assert fault.startswith(f"une-fiche.yaml : {field} : ")
    assert said in fault
    assert not [word for word in ENGLISH if word in fault.partition(f" : {field} : ")[2].lower()]


@pytest.mark.parametrize("data", [None, [], "texte", 3])
def test_a_file_that_is_no_sheet_at_all_is_told(data):
    with pytest.raises(SheetError) as caught:
        parse_project(data, where="x.yaml")
    (fault,) = caught.value.faults
    assert fault.startswith("x.yaml : fiche : ")
    assert "n’est pas une suite de champs" in fault


def test_what_contains_itself_is_told():
    loop: list = []
    loop.append(loop)
    with pytest.raises(SheetError, match="n’est pas un texte"):
        parse_project(GOOD | {"title": {"fr": loop}}, where="x.yaml")


def test_an_error_that_no_sheet_makes_today_is_not_said_in_english():
    class Other(BaseModel):
        model_config = ConfigDict(strict=True)
        multiple: Annotated[int, Field(multiple_of=5)]
        form: Annotated[str, Field(pattern="^a$")]
        long: Annotated[str, Field(max_length=2)]
        url: AnyUrl
        day: datetime.date
        one: Literal["a", "b", "c"]

    with pytest.raises(ValidationError) as caught:
        Other.model_validate(
            {"multiple": 3, "form": "b", "long": "abc", "url": 4, "day": "hier", "one": "d"}
        )
    told = faults_of("x.yaml", caught.value, whole="fiche")
    assert len(told) == 6
    for fault in told:
        assert "; écrivez" in fault
        assert not [word for word in ENGLISH if word in fault.rpartition(" : «")[2].lower()]


def test_a_long_value_is_cut_and_stands_on_one_line():
    assert shown("a\n" * 200).count("\n") == 0
    assert len(shown("a" * 5_000)) < 70
