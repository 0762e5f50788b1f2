"""Step 1: a file dropped or cells pasted, and what was understood of them."""

from datetime import date

import streamlit as st

from villeactive.documents.list_files import KINDS
from villeactive.errors import VilleActiveError
from villeactive.imports.brought import MOST_BYTES, PASTED, file_name, pasted, template
from villeactive.tables.understanding import Understood
from villeactive.text import NBSP, enumeration, number, plural
from villeactive.ui import shell
from villeactive.ui.pages.collections import steps, work
from villeactive.ui.parts import blocks

_BROUGHT, _FAULT, _TURN, _CELLS = "c-brought", "c-fault", "c-turn", "c-cells"
_ENCODINGS = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "windows-1252": "Windows-1252",
    "mac-roman": "Mac Roman", "iso-8859-15": "ISO-8859-15", "cp850": "CP850",
}  # fmt: skip
_DELIMITERS = {";": "point-virgule", ",": "virgule", "tab": "tabulation", "\t": "tabulation",
               "|": "barre verticale"}  # fmt: skip
_SHOWN = 10
"""Remarks that are listed."""


def read_brought() -> None:
    """Read what was just given, and say why where it cannot be read."""
    given = st.session_state.get(_BROUGHT)
    if given is None:
        return
    name, data, sheet = given
    for told in (_FAULT, steps.DONE):
        st.session_state.pop(told, None)
    try:
        with st.spinner(f"Lecture de {shell.markdown(file_name(name))}…"):
            work.bring(name, data, sheet=sheet)
    except VilleActiveError as error:
        st.session_state[_FAULT] = str(error)
    del st.session_state[_BROUGHT]


def show_file() -> None:
    """Show where to drop a file or paste cells, then what was understood."""
    fault = st.session_state.get(_FAULT)
    if fault:
        steps.show_fault(fault)
    bringing = work.current()
    if bringing is not None:
        with steps.told():
            _show_understood(bringing)
        st.subheader("Donner un autre tableau", anchor=False)
    _show_givers()


def _show_givers() -> None:
    turn = st.session_state.setdefault(_TURN, 0)
    most = number(MOST_BYTES / 1024**2)
    st.file_uploader(
        f"Déposez ici votre tableau (Excel, CSV, ODS, GeoJSON ou JSON, {most}{NBSP}Mo au plus)",
        key=f"c-file-{turn}",
        on_change=_dropped,
    )
    with st.expander("Ou collez des cellules d’Excel", icon=":material/content_paste:"):
        st.text_area("Cellules copiées, en-têtes compris", key=_CELLS, height=180)
        st.button("Lire ces cellules", key="c-paste", on_click=_pasted)
    today = date.today()
    blocks.file_button(
        "Modèle à remplir (Excel)",
        lambda: template(today),
        "modele-projets.xlsx",
        KINDS["xlsx"].media,
        look="tertiary",
        key="c-template",
    )


def _dropped() -> None:
    given = st.session_state.get(f"c-file-{st.session_state[_TURN]}")
    if given is not None:
        st.session_state[_TURN] += 1  # another box: this one would hold the file a second time
        _bring(given.name, given.getvalue())


def _pasted() -> None:
    try:
        data = pasted(st.session_state.get(_CELLS) or "")
    except VilleActiveError as error:
        st.session_state[_FAULT] = str(error)
        return
    st.session_state[_CELLS] = ""
    _bring(PASTED, data)


def _bring(name: str, data: bytes, *, sheet: str | None = None) -> None:
    st.session_state[_BROUGHT] = (name, data, sheet)
    steps.go(steps.FILE)


def _show_understood(bringing: work.Work) -> None:
    """Say what was understood of the file, and what is odd in it."""
    understood = work.understood(bringing)
    st.success(_sentence(bringing, understood), icon=":material/task_alt:")
    if bringing.target:
        st.markdown(
            f"Ses colonnes sont celles de {blocks.quoted(bringing.wish.title)}, déjà gardée"
            f"{NBSP}: leurs rôles et les lieux réglés alors sont repris, et l’étape Publier la "
            "mettra à jour."
        )
    elif bringing.decisions or bringing.roles:
        st.markdown(
            f"Ses colonnes sont celles de {blocks.quoted(bringing.wish.title)}, à l’essai{NBSP}: "
            "leurs rôles et les lieux réglés alors sont repris."
        )
    sheets = bringing.raw.sheets
    if len(sheets) > 1:
        st.session_state["c-sheet"] = bringing.raw.sheet
        st.selectbox("Feuille du classeur", sheets, key="c-sheet", on_change=_other_sheet)
    said = _remarks(understood)
    if said:
        with st.expander(plural(len(said), "remarque"), icon=":material/info:"):
            st.markdown("\n".join(f"- {shell.markdown(one)}" for one in said[:_SHOWN]))
            if len(said) > _SHOWN:
                more = plural(len(said) - _SHOWN, "autre remarque", "autres remarques")
                st.caption(f"Et {more}.")


def _other_sheet() -> None:
    bringing, sheet = work.current(), st.session_state["c-sheet"]
    if bringing is not None and sheet != bringing.raw.sheet:
        _bring(bringing.name, bringing.data, sheet=sheet)


def _sentence(bringing: work.Work, understood: Understood) -> str:
    """Say in one sentence what was read."""
    raw, table = understood.raw, understood.table
    name = work.PASTED_TITLE if bringing.name == PASTED else file_name(bringing.name)
    said = [plural(len(table.rows), "ligne"), plural(len(table.headers), "colonne")]
    if raw.sheet:
        said.insert(0, f"feuille «{NBSP}{raw.sheet}{NBSP}»")
    if table.header_row:
        said.append(f"en-têtes à la ligne {number(table.header_row)}")
    elif not table.headed:
        said.append("sans en-têtes")
    if raw.encoding and bringing.name != PASTED:
        said.append(f"encodage {_ENCODINGS.get(raw.encoding, raw.encoding)}")
    if raw.delimiter and bringing.name != PASTED:
        said.append(f"séparateur {_DELIMITERS.get(raw.delimiter, raw.delimiter)}")
    aside = [
        words
        for count, words in (
            (table.totals, plural(table.totals, "ligne de total", "lignes de totaux")),
            (table.blank, plural(table.blank, "ligne vide", "lignes vides")),
        )
        if count
    ]
    left = f" Laissées de côté{NBSP}: {enumeration(aside)}." if aside else ""
    return f"**{shell.markdown(name)}**{NBSP}: {shell.markdown(', '.join(said))}.{left}"


def _remarks(understood: Understood) -> list[str]:
    """Say what is odd in the table, with the lines of the file."""
    lines = understood.table.lines
    said = [
        (f"Ligne {number(lines[one['row'] - 1])}{NBSP}: " if one["row"] else "") + one["reason"]
        for one in understood.problems
    ]
    if understood.duplicates:
        pairs = [f"{lines[a - 1]} et {lines[b - 1]}" for a, b in understood.duplicates[:5]]
        many = plural(len(understood.duplicates), "ligne en double", "lignes en double")
        said.append(f"{many}, gardées telles quelles{NBSP}: {', '.join(pairs)}.")
    return said
