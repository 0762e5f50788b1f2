"""The model of a sheet: it says every fault at once, each with its file and its field."""

import copy
import re

import pytest

from tests.sheet_cases import GOOD, THEMES, collection, parse_project, write, written
from villeactive.collections.fields import read_yaml
from villeactive.collections.folder import read_folder
from villeactive.collections.project import Actor, Organisation, Project
from villeactive.collections.publication import parse_publication, publication_faults
from villeactive.errors import SheetError


def sheet(**changes: object) -> dict:
    """Give a good sheet, changed."""
    return copy.deepcopy(GOOD) | changes


def faults(data: object) -> list[str]:
    """Give the faults that the model finds."""
    with pytest.raises(SheetError) as caught:
        parse_project(data, where="une-fiche.yaml")
    return caught.value.faults


def test_a_good_sheet_is_accepted_and_cannot_be_changed():
    good = parse_project(sheet(), where="une-fiche.yaml")
    assert isinstance(good, Project)
    assert str(good.title) == "Une fiche"
    with pytest.raises(ValueError, match="frozen"):
        good.id = "autre"


def test_all_faults_of_a_sheet_are_told_at_once_with_file_and_field():
    bad = sheet(
        id="une_fiche",
        topic="jardinage",
        couleur="rouge",
        places=[{"scale": "commune", "code_insee": 1053, "name": "Bourg-en-Bresse"}],
        timeline=[{"date": "2022", "end": "2018", "label": {"fr": "À rebours"}}],
        budget=[{"label": {"fr": "Rien"}, "amount_eur": -3.0}],
        contacts=[{"name": "X", "email": "pas une adresse"}],
        links=[{"kind": "site", "url": "javascript:alert(1)", "label": {"fr": "Lien"}}],
        reference={"section": {"fr": "S"}, "pages": [0]},
    )
    told = faults(bad)
    assert all(fault.startswith("une-fiche.yaml : ") for fault in told)
    fields = {fault.split(" : ")[1] for fault in told}
    assert fields == {
        "id",
        "topic",
        "couleur",
        "places.0.code_insee",
        "timeline.0",
        "budget.0.amount_eur",
        "contacts.0.email",
        "links.0.url",
        "reference.pages.0",
    }


@pytest.mark.parametrize("name", ["une_fiche", "Une-fiche", "une--fiche", "-fiche", "fiche-", "é"])
def test_an_id_is_in_kebab_case(name):
    assert [fault.split(" : ")[1] for fault in faults(sheet(id=name))] == ["id"]


def test_a_code_that_is_not_in_its_list_is_told_with_the_list():
    (fault,) = faults(sheet(theme="jardins"))
    assert "une-fiche.yaml : theme : « jardins »" in fault
    assert "apprendre-travailler, filieres-productions" in fault


def test_an_unquoted_code_is_refused_never_guessed(tmp_path):
    path = collection(tmp_path, GOOD) / "projects" / "une-fiche.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("'01053'", "01053"), encoding="utf-8")
    assert "code_insee: 01053" in path.read_text(encoding="utf-8")
    with pytest.raises(SheetError) as caught:
        read_folder(tmp_path)
    (fault,) = caught.value.faults
    assert fault.startswith("essai : une-fiche.yaml : places.0.code_insee : ")
    assert fault.endswith("mettez-le entre guillemets")


@pytest.mark.parametrize("code", ["2A004", "2B033", "01053", "97105", "75056"])
def test_codes_of_corsica_of_the_overseas_and_with_a_leading_zero_are_good(code):
    place = {"scale": "commune", "code_insee": code, "name": "X"}
    assert parse_project(sheet(places=[place]), where="x").places[0].code_insee == code


@pytest.mark.parametrize("date", ["22", "2022-13", "2022-00", "2022-1", "2022-01-32", "fin 2022"])
def test_a_date_that_is_no_date_is_refused(date):
    event = {"date": date, "label": {"fr": "X"}}
    (fault,) = faults(sheet(timeline=[event]))
    assert "timeline.0.date" in fault


def test_an_event_may_be_a_span_or_have_no_date_but_not_run_backwards():
    span = {"date": "2018", "end": "2020", "label": {"fr": "X"}}
    undated = {"status": "planned", "label": {"fr": "À suivre"}}
    good = parse_project(sheet(timeline=[span, undated]), where="x")
    assert [event.date for event in good.timeline] == ["2018", None]
    (fault,) = faults(sheet(timeline=[span | {"end": "2017"}]))
    assert "« end » (2017) précède « date » (2018)" in fault
    (fault,) = faults(sheet(timeline=[{"end": "2020", "label": {"fr": "X"}}]))
    assert "timeline.0" in fault


def test_a_part_of_a_line_that_does_not_exist_is_a_fault():
    lines = [
        {"id": "tout", "label": {"fr": "Tout"}, "amount_eur": 31000.0},
        {"label": {"fr": "Dont"}, "amount_eur": 20000.0, "part_of": "tout"},
    ]
    assert parse_project(sheet(budget=lines), where="x").budget[1].part_of == "tout"
    lines[1]["part_of"] = "rien"
    (fault,) = faults(sheet(budget=lines))
    assert "part_of: rien" in fault


def test_a_line_is_never_part_of_itself_and_an_amount_is_finite():
    line = {"id": "tout", "label": {"fr": "Tout"}, "amount_eur": 1.0, "part_of": "tout"}
    (fault,) = faults(sheet(budget=[line]))
    assert "part_of: tout" in fault
    for amount in (float("inf"), float("nan")):
        (fault,) = faults(sheet(budget=[{"label": {"fr": "Tout"}, "amount_eur": amount}]))
        assert "budget.0.amount_eur" in fault
    (fault,) = faults(sheet(figures=[{"label": {"fr": "Part"}, "value": float("nan")}]))
    assert "figures.0.value" in fault


def test_an_actor_is_an_organisation_a_note_or_both_never_nothing():
    good = parse_project(
        sheet(partners=["cnam", {"organisation": "puca", "note": {"fr": "pilote"}}]), where="x"
    )
    assert [actor.organisation for actor in good.partners] == ["cnam", "puca"]
    assert Actor(note={"fr": "comptabilité"}).organisation is None
    (fault,) = faults(sheet(partners=[{}]))
    assert "une-fiche.yaml : partners.0" in fault


def test_the_organisations_of_a_sheet_are_gathered_from_every_role():
    told = parse_project(
        sheet(
            funders=["etat"],
            architects=["vurpas"],
            budget=[{"label": {"fr": "L"}, "amount_eur": 1.0, "payer": "region"}],
            voices=[
                {"name": "A", "role": {"fr": "R"}, "organisation": "uimm", "view": {"fr": "V"}}
            ],
            contacts=[{"name": "B", "organisation": "cnam"}],
        ),
        where="x",
    )
    assert told.organisation_ids() == {"etat", "vurpas", "region", "uimm", "cnam"}
    assert [role for role, _ in told.actors()] == ["funders", "architects"]


def test_a_key_written_twice_is_a_fault_that_names_the_key(tmp_path):
    path = write(tmp_path, "une-fiche.yaml", "id: une-fiche\nkind: projet\nkind: outil\n")
    with pytest.raises(SheetError, match=r"une-fiche\.yaml .*clé écrite deux fois : kind"):
        read_yaml(path)


def test_yaml_runs_nothing(tmp_path):
    path = write(tmp_path, "x.yaml", "!!python/object/apply:os.system ['true']")
    with pytest.raises(SheetError, match=r"x\.yaml : fichier illisible"):
        read_yaml(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "YAML mal écrit, ligne 2"),
        ("a: b\nc: d: e\n", "YAML mal écrit, ligne 2"),
        ("a: b\n\tc: d\n", "YAML mal écrit, ligne 2"),
        ("a: *rien", "YAML mal écrit, ligne 1"),
        ("? [a]\n: b", "YAML mal écrit, ligne 1"),
        ("a: 2022-13-45", "une date ou un nombre impossible"),
        ("a: !!int deux", "une date ou un nombre impossible"),
        ("a: !!bool peut-être", "une date ou un nombre impossible"),
        ("a: !!timestamp hier", "une date ou un nombre impossible"),
        ("a: \x01", "un caractère de contrôle est dans le texte"),
    ],
)
def test_a_file_that_is_no_yaml_is_told_in_french(tmp_path, text, said):
    with pytest.raises(SheetError) as caught:
        read_yaml(write(tmp_path, "x.yaml", text))
    (fault,) = caught.value.faults
    assert fault.startswith(f"x.yaml : fichier illisible ({said}")
    assert fault.endswith(". Corrigez-le ou rétablissez-le.")


def test_a_missing_file_is_a_fault_of_data(tmp_path):
    with pytest.raises(SheetError, match=r"absent\.yaml : fichier illisible"):
        read_yaml(tmp_path / "absent.yaml")


def test_a_folder_tells_the_faults_of_all_its_sheets(tmp_path):
    projects = collection(tmp_path) / "projects"
    write(projects, "autre-nom.yaml", written(sheet()))
    write(projects, "sans-titre.yaml", written(sheet(id="sans-titre", title={"fr": ""})))
    write(projects, "illisible.yaml", "a: [")
    dead = sheet(
        id="morte",
        funders=["inconnue"],
        related=[{"id": "nulle-part", "relation": "same-topic"}],
    )
    write(projects, "morte.yaml", written(dead))
    itself = sheet(id="soi", related=[{"id": "soi", "relation": "same-topic"}])
    write(projects, "soi.yaml", written(itself))
    with pytest.raises(SheetError) as caught:
        read_folder(tmp_path)
    told = "\n".join(caught.value.faults)
    assert len(caught.value.faults) == 6
    assert "autre-nom.yaml : id : « une-fiche » diffère du nom du fichier" in told
    assert "sans-titre.yaml : title.fr" in told
    assert "illisible.yaml : fichier illisible" in told
    assert "morte.yaml : organisation inconnue « inconnue »" in told
    assert "morte.yaml : related : aucune fiche « nulle-part »" in told
    assert "soi.yaml : related : aucune fiche « soi »" in told


def test_sheets_come_in_the_order_of_the_book(tmp_path):
    pages = {"a": 40, "b": 8, "c": 8}
    sheets = [sheet(id=name, reference={"pages": [page, page + 1]}) for name, page in pages.items()]
    assert list(read_folder(collection(tmp_path, *sheets)).sheets) == ["b", "c", "a"]


def test_the_list_of_organisations_tells_all_its_faults(tmp_path):
    folder = collection(
        tmp_path,
        GOOD,
        organisations=[
            {"id": "cnam", "name": "Cnam", "kind": "formation-recherche"},
            {"id": "cnam", "name": "Cnam", "kind": "formation-recherche"},
            {"id": "cnam_bfc", "name": "Cnam BFC", "kind": "formation-recherche"},
            {"id": "drac", "name": "Drac", "kind": "etat", "parent": "ministere"},
            {"id": "x", "name": "X", "kind": "club", "link": "ftp://x"},
        ],
    )
    with pytest.raises(SheetError) as caught:
        read_folder(folder)
    told = [fault.split(" : ")[1:3] for fault in caught.value.faults]
    assert sorted(told) == sorted(
        [
            ["organisations.yaml", "cnam"],
            ["organisations.yaml [2]", "id"],
            ["organisations.yaml", "drac"],
            ["organisations.yaml [4]", "kind"],
            ["organisations.yaml [4]", "link"],
        ]
    )


def test_an_organisation_is_shown_by_its_short_name_where_it_has_one():
    puca = Organisation(id="puca", name="Plan urbanisme construction", short="Puca", kind="etat")
    assert puca.shown == "Puca"
    assert Organisation(id="etat", name="État", kind="etat").shown == "État"


CONTEXT = {"themes": THEMES}
BOOK = {
    "session": {"fr": "S"},
    "about": {"fr": "À propos"},
    "sections": [],
    "essays": [
        {
            "id": "besson",
            "kind": "grand-temoin",
            "title": {"fr": "T"},
            "author": "R. B.",
            "role": {"fr": "R"},
            "organisation": "villes",
            "summary": {"fr": "S"},
            "ideas": [{"fr": "I"}],
            "projects": ["usinerie"],
        }
    ],
    "lessons": [
        {
            "id": "une",
            "kind": "piste",
            "rank": 1,
            "title": {"fr": "T"},
            "text": {"fr": "T"},
            "essay": "besson",
            "themes": ["apprendre-travailler"],
        }
    ],
}


def test_the_book_tells_all_its_faults_at_once():
    bad = copy.deepcopy(BOOK) | {"about": 2022, "couleur": "rouge"}
    bad["lessons"][0] |= {"rank": 0, "themes": ["jardins"]}
    with pytest.raises(SheetError) as caught:
        parse_publication(bad, context=CONTEXT)
    fields = {fault.split(" : ")[1] for fault in caught.value.faults}
    assert all(fault.startswith("publication.yaml : ") for fault in caught.value.faults)
    assert fields == {"about", "couleur", "lessons.0.rank", "lessons.0.themes.0"}


def test_a_lesson_of_no_essay_and_an_id_given_twice_are_faults_of_the_book():
    bad = copy.deepcopy(BOOK)
    bad["lessons"] = [bad["lessons"][0] | {"essay": "personne"}] * 2
    with pytest.raises(SheetError) as caught:
        parse_publication(bad, context=CONTEXT)
    told = str(caught.value)
    assert re.search(r"identifiant donné deux fois « une »", told)
    assert re.search(r"aucun essai « personne »", told)


def test_dead_references_of_the_book_are_listed():
    book = parse_publication(BOOK, context=CONTEXT)
    assert publication_faults(book, sheets={"usinerie"}, organisations={"anct", "villes"}) == []
    told = publication_faults(book, sheets=set(), organisations={"anct"})
    assert len(told) == 2
    assert "publication.yaml : essays : besson : aucune fiche « usinerie »" in told
    assert any("organisation inconnue « villes »" in fault for fault in told)
