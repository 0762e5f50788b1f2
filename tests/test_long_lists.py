"""A filter of thousands of values offers some, and finds the others by their words."""

import pytest
import streamlit as st

from tests.kept_table import with_table
from tests.test_pages import address, run, words
from villeactive.ui.parts.long_lists import OFFERED, WHOLE

LARGE, SMALL = "Association n° 7", "Atelier de Ré"


@pytest.fixture
def many(tmp_path, monkeypatch):
    """Keep a table of more organisations than a list offers; one has most projects."""
    lines = [f"Halle {n};Lens;Association n° {n}" for n in range(WHOLE)]
    lines += [f"Place {n};Lens;{LARGE}" for n in range(3)] + [f"Quai;Lens;{SMALL}"]
    text = "\n".join(["Intitulé;Commune;Porteur", *lines])
    yield with_table(text, tmp_path, monkeypatch)
    st.cache_resource.clear()


def more(**query: str):
    test = run(collection="appel", **query)
    test.session_state["f-more"] = True
    return test.run()


@pytest.mark.usefixtures("many")
def test_a_long_list_offers_what_gives_most_and_finds_the_rest_by_words():
    test = more()
    offered = test.multiselect(key="f-actor").options
    assert len(offered) == OFFERED
    assert LARGE in offered
    assert SMALL not in offered
    assert f"{WHOLE + 1} noms" in words(test)
    test.text_input(key="f-actor-words").set_value("ré atel").run()
    assert test.multiselect(key="f-actor").options == [SMALL]
    test.multiselect(key="f-actor").select(SMALL).run()
    assert address(test)["actor"] == "atelier-de-re"
    test.text_input(key="f-actor-words").set_value("zzz").run()
    assert test.multiselect(key="f-actor").options == [SMALL], "one in force stays"
    assert "Aucun nom n’a ces mots." in words(test)


@pytest.mark.usefixtures("many")
def test_a_link_to_one_that_is_not_offered_shows_it():
    test = more(actor="atelier-de-re")
    assert test.multiselect(key="f-actor").value == ["atelier-de-re"]
    assert test.text_input(key="f-actor-words").value == ""


def test_a_list_that_is_not_long_has_no_box_of_words():
    test = run()
    test.session_state["f-more"] = True
    test.run()
    assert len(test.multiselect(key="f-actor").options) > OFFERED
    assert not [box for box in test.text_input if box.key == "f-actor-words"]
