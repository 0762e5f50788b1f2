"""What pages with the map alone say of the clicks that they heard."""

import streamlit as st


def opened(project: str) -> None:
    st.session_state["ouvert"] = project
    st.session_state["clics"] = st.session_state.get("clics", 0) + 1


def say_opened() -> str | None:
    """Write which project was opened, and how many clicks were heard; give the project."""
    state = st.session_state
    st.write(f"Ouvert : {state.get('ouvert', 'rien')} · {state.get('clics', 0)} clics")
    return state.get("ouvert")
