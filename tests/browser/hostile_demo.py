"""The whole application on an atlas whose words are attacks; a line says if one of them ran."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import streamlit as st

from villeactive import atlas as shipped
from villeactive.collections.fields import Text
from villeactive.collections.project import Project
from villeactive.collections.stores import SHIPPED, read_folders
from villeactive.ui import shared, shell

ROOT = Path(__file__).resolve().parents[2]
PROOF = "VILLEACTIVE_PROOF"
ATTACK = (
    f"{{{{ cycler.__init__.__globals__.os.environ.__setitem__('{PROOF}', 'ran') }}}} "
    "{% for x in (1,) %} prix {{ 10 } code {# 12 100 {%} ${alert(1)} `+alert(2)+` \\\\` "
    "<img src=x onerror=alert(3)> </script><script>alert(4)</script> $x$ :red[y] [z](javascript:0)"
)


def spoiled(sheet: Project) -> Project:
    changed = {"title": Text(fr=ATTACK), "summary": Text(fr=ATTACK), "topic_cited": ATTACK}
    return sheet.model_copy(update=changed)


@cache
def hostile_atlas() -> shipped.Atlas:
    (folder,) = read_folders(sorted(SHIPPED.iterdir()))
    sheets, organisations = dict(folder.sheets), dict(folder.organisations)
    sheets["usinerie"] = spoiled(sheets["usinerie"])
    update = {"name": ATTACK, "short": ATTACK}
    organisations["grand-chalon"] = organisations["grand-chalon"].model_copy(update=update)
    return shipped.compose([replace(folder, sheets=sheets, organisations=organisations)])


if __name__ == "__main__":  # as Streamlit runs it; a test that takes ATTACK keeps its own atlas
    shared.read_atlas = lambda **_: hostile_atlas()
    for name in ("CARTE", "PROJET", "METHODE"):
        setattr(shell, name, str(ROOT / "pages" / f"{name.lower()}.py"))
    pages = [
        st.Page(shell.CARTE, title="Carte", default=True),
        st.Page(shell.PROJET, title="Projet"),
        st.Page(shell.METHODE, title="Données et méthode"),
    ]
    chosen = st.navigation(pages, position="top")
    st.html(f"<p id='proof'>{os.environ.get(PROOF, 'intact')}</p>")
    chosen.run()
    shell.mark_end()
