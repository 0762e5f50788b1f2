"""The closed lists: their codes, their order, their words."""

from pathlib import Path

import pytest

from villeactive import vocabulary as module
from villeactive.errors import DataFileError
from villeactive.vocabulary import LISTS, label, terms, vocabulary

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def other_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "GEODATA", tmp_path)
    vocabulary.cache_clear()
    yield tmp_path
    vocabulary.cache_clear()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("kinds", ["projet", "outil", "initiative", "mention"]),
        (
            "actor_roles",
            ["funders", "partners", "commissioners", "architects", "providers", "holders"],
        ),
        ("place_scales", ["commune", "epci", "departement", "region", "territoire"]),
        ("impact_statuses", ["observed", "expected"]),
        ("budget_natures", ["investment", "running"]),
    ],
)
def test_codes_in_display_order(name, codes):
    assert list(terms(name)) == codes


def test_topics_are_six_to_nine():
    assert 6 <= len(terms("topics")) <= 9


def test_a_mention_is_not_counted():
    assert [code for code, kind in terms("kinds").items() if not kind.counted] == ["mention"]


def test_labels():
    assert label("kinds", "mention") == "Lieu cité"
    assert label("kinds", "XYZ") == "XYZ"


def test_no_two_terms_of_a_list_bear_the_same_label():
    for name, entries in vocabulary().items():
        labels = [term.label for term in entries.values()]
        assert len(labels) == len(set(labels)), name


def test_each_filter_value_has_a_meaning_of_its_own():
    for name in ("topics", "kinds"):
        for term in terms(name).values():
            assert term.meaning != term.label, term.code
            assert term.meaning.endswith("."), term.code


def test_the_lists_cannot_be_changed():
    with pytest.raises(TypeError):
        terms("kinds")["autre"] = terms("kinds")["projet"]
    with pytest.raises(AttributeError):
        terms("kinds")["projet"].label = "Autre"


def test_an_unknown_list_is_an_error_of_ours():
    with pytest.raises(KeyError):
        terms("couleurs")


def test_the_lists_are_those_that_the_atlas_needs():
    assert tuple(vocabulary()) == LISTS


def test_a_term_that_a_cut_list_has_lost_is_named():
    with pytest.raises(DataFileError, match="« orange » manque dans la liste « kinds »"):
        terms("kinds")["orange"]


def test_what_is_not_said_falls_back_on_the_label(other_folder):
    lists = "".join(f"{name}:\n  - {{code: a, label: {{fr: Un A}}}}\n" for name in LISTS)
    (other_folder / "vocabulary.yaml").write_text(lists)
    term = terms("topics")["a"]
    assert (term.short, term.meaning, term.plural, term.singular) == ("Un A",) * 4


@pytest.mark.parametrize(
    "content",
    [None, b"topics: [", b"topics: {a: b}", b"- a", b"topics:\n  - {label: {fr: x}}", b"\xff"],
)
def test_a_damaged_file_is_told_with_the_remedy(other_folder, content):
    if content is not None:
        (other_folder / "vocabulary.yaml").write_bytes(content)
    with pytest.raises(DataFileError, match="vocabulary.yaml : illisible .* Rétablissez"):
        vocabulary()


@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_a_file_cut_short_is_told_with_the_remedy(other_folder, percent):
    whole = (ROOT / "geodata" / "vocabulary.yaml").read_bytes()
    (other_folder / "vocabulary.yaml").write_bytes(whole[: len(whole) * percent // 100])
    with pytest.raises(DataFileError, match="vocabulary.yaml : .* Rétablissez"):
        vocabulary()
