"""What Enter opens: only what is sure; else the list stays and says why."""

import pytest

from villeactive.analysis.answers import answer


@pytest.mark.parametrize(
    ("asked", "kind", "id_"),
    [
        ("Montreuil 62", "commune", "62588"), ("Brive 19", "commune", "19031"),
        ("Lens", "commune", "62498"), ("Paris", "commune", "75056"), ("62300", "commune", None),
        ("Bretagne", "region", "53"), ("La Réunion", "region", "04"),
        ("Mayenne", "departement", "53"),
        ("Pas-de-Calais", "departement", "62"), ("usinerie", "project", "usinerie"),
        ("cnam", "organisation", "cnam"), ("CA de Lens-Liévin", "epci", "246200364"),
    ],
)  # fmt: skip
def test_what_is_typed_whole_is_opened(atlas, asked, kind, id_):
    found = answer(asked, atlas, n=8)
    if id_ is None:
        assert not found.sure
        return
    assert (found.hits[0].kind, found.hits[0].id, found.sure) == (kind, id_, True)


@pytest.mark.parametrize(
    "asked", ["Sant Malo", "Chalon", "Villers", "Saint-Omer", "Vienn", "Montreui", "xq"]
)
def test_what_is_unsure_stays_a_list_that_says_why(atlas, asked):
    found = answer(asked, atlas, n=8)
    assert not found.sure
    assert found.why.endswith((".", "?")) or not found.hits


@pytest.mark.parametrize("asked", ["Nouméa", "Papeete", "98818", "Papeete 98714"])
def test_what_is_outside_is_said_and_nothing_near_is_offered(atlas, asked):
    found = answer(asked, atlas, n=8)
    assert found.hits == ()
    assert found.why == "Ce lieu est hors de l’atlas\u00a0: collectivité d’outre-mer."


def test_one_kind_alone(atlas):
    assert {hit.kind for hit in answer("Bretagne", atlas, n=8, only="commune").hits} == {"commune"}


@pytest.mark.parametrize(("asked", "code"), [("Sant Malo", "35288"), ("Rochfort", "17299")])
def test_one_letter_off_in_the_whole_name_comes_first(atlas, asked, code):
    assert answer(asked, atlas, n=5).hits[0].id == code


def test_two_groups_of_one_name_are_told_apart(atlas):
    found = answer("CC des Quatre Rivières", atlas, n=5)
    assert not found.sure
    assert found.why == "Plusieurs portent ce nom\u00a0: choisissez."
    assert [hit.detail.partition(",")[0] for hit in found.hits[:2]] == [
        "intercommunalité (Haute-Saône)", "intercommunalité (Haute-Savoie)",
    ]  # fmt: skip
