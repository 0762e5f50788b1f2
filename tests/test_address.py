"""Steps that follow one another faster than the page is drawn."""

from streamlit.testing.v1 import AppTest


def page():
    """Draw buttons that know the first selection only, as a page not drawn anew does."""
    import streamlit as st

    from villeactive.selection import Selection
    from villeactive.ui import address

    drawn = Selection()
    for key, values in (
        ("ville", {"programme": ("ACV",)}),
        ("theme", {"theme": ("filieres-productions",)}),
        ("region", {"region": ("53",)}),
    ):
        st.button(key, key=key, on_click=address.change, args=(drawn,), kwargs=values)


def test_a_hasty_step_keeps_the_one_before():
    app = AppTest.from_function(page).run()
    app.button("ville").click().run()
    app.button("theme").click().run()
    assert app.query_params == {"programme": "ACV", "theme": "filieres-productions"}


def test_a_step_taken_back_is_not_kept():
    app = AppTest.from_function(page).run()
    app.button("ville").click().run()
    app.query_params.clear()  # the browser goes back
    app.button("region").click().run()
    assert app.query_params == {"region": "53"}


def chosen():
    """Write regions as a list drawn before the last step names them: with other counts."""
    import streamlit as st

    from villeactive.atlas import read_atlas
    from villeactive.selection import Selection
    from villeactive.ui import filters

    st.session_state["f-region"] = ["28", "Bretagne (99)"]
    st.button(
        "écrire", key="go", on_click=filters._write, args=("region", Selection(), read_atlas())
    )


def test_a_value_is_known_by_its_name_whatever_its_count():
    app = AppTest.from_function(chosen).run()
    app.button("go").click().run()
    assert app.query_params == {"region": "28,53"}
