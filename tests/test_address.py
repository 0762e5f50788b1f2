"""Steps that follow one another faster than the page is drawn."""

from streamlit.testing.v1 import AppTest


def page():
    """Draw buttons that each change one filter, and a count of what was drawn."""
    import streamlit as st

    from villeactive.ui import address

    address.carry()
    for key, values in (
        ("ville", {"programme": ("ACV",)}),
        ("theme", {"theme": ("filieres-productions",)}),
        ("region", {"region": ("53",)}),
    ):
        st.button(key, key=key, on_click=address.change, kwargs=values)
    st.button("effacer", key="effacer", on_click=address.unfilter)
    st.button("rester", key="rester", on_click=address.stay)


def test_a_step_goes_from_the_address_as_it_is():
    app = AppTest.from_function(page).run()
    app.button("ville").click().run()
    app.button("theme").click().run()
    assert app.query_params == {"programme": "ACV", "theme": "filieres-productions"}
    app.button("effacer").click().run()
    assert app.query_params == {}


def test_a_browser_that_lags_behind_loses_no_step():
    app = AppTest.from_function(page).run()
    app.button("ville").click().run()
    app.query_params.clear()  # it has not heard of the first step yet
    app.button("theme").click().run()
    assert app.query_params == {"programme": "ACV", "theme": "filieres-productions"}
    del app.query_params["theme"]  # of the first, not of the second
    app.button("region").click().run()
    assert app.query_params.keys() == {"programme", "theme", "region"}
    app.query_params.clear()
    app.button("rester").click().run()
    assert app.query_params.keys() == {"programme", "theme", "region"}


def test_a_click_without_its_address_loses_no_filter():
    app = AppTest.from_function(page)
    app.query_params["region"] = "53"  # a link, not a step of this session
    app.run()
    app.query_params.clear()
    app.button("ville").click().run()
    assert app.query_params == {"region": "53", "programme": "ACV"}


def test_a_page_opened_again_without_filters_has_none():
    app = AppTest.from_function(page).run()
    app.button("ville").click().run()
    app.query_params.clear()
    app.run()  # the menu leads to the page itself
    app.button("region").click().run()
    assert app.query_params == {"region": "53"}


def chosen():
    """Write regions of which one is no longer in the list: it comes as its words."""
    import streamlit as st

    from tests.shipped import read_atlas
    from villeactive.ui.parts import filters

    st.session_state["f-region"] = ["28", "Bretagne"]
    st.button("écrire", key="go", on_click=filters._write, args=("region", read_atlas()))


def test_a_value_that_has_left_its_list_is_known_by_its_name():
    app = AppTest.from_function(chosen).run()
    app.button("go").click().run()
    assert app.query_params == {"region": "28,53"}
