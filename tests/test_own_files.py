"""Our own scripts, as a page takes them."""

from importlib.resources import files

import pytest

from villeactive.ui.own_files import script_of, text_of

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
