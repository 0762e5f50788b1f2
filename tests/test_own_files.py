"""Our own scripts and files, as pages and maps take them."""

from importlib.resources import files

import pytest

from villeactive.ui.own_files import is_lasting, script_of, serve, text_of

SCRIPTS = sorted(
    one.name for one in (files("villeactive.ui") / "assets").iterdir() if one.name.endswith(".js")
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_lines_that_are_remarks_do_not_go_with_each_mount(name):
    whole = text_of(name).splitlines()
    assert script_of(name).splitlines() == [
        line for line in whole if not line.strip().startswith("//")
    ]
    assert len(script_of(name)) < len(text_of(name))


def test_what_maps_ask_for_has_another_address_when_it_changes():
    first, again, changed, renamed = (
        serve("essai", files) for files in ({"a": "1"}, {"a": b"1"}, {"a": "2"}, {"b": "1"})
    )
    assert first == again
    assert len({first, changed, renamed}) == 3
    assert is_lasting(f"/component/{first.removeprefix('../')}a")


@pytest.mark.parametrize(
    "path",
    [
        "/component/villeactive.ui.own_files.essai/a",
        "/component/ailleurs.essai-0123456789ab/a",
        "/component/streamlit_folium.st_folium/index.html",
        "/component/streamlit_folium.st_folium/static/js/main.js",
        "/static/js/main.521860b0.js",
        "/",
    ],
)
def test_an_address_that_may_change_is_not_kept(path):
    assert not is_lasting(path)
