"""The atlas: the server, page configuration and navigation, nothing else.

``streamlit run app.py`` imports this file once for the server, then runs it for each reader.
"""

import streamlit as st

if __name__ == "__main__":
    from villeactive.ui import address, frame

    st.set_page_config(
        page_title="Ville active",
        page_icon="villeactive/ui/assets/icon.svg",
        layout="wide",
        initial_sidebar_state="auto",
    )

    pages = [
        st.Page("pages/carte.py", title="Carte", icon=":material/map:", default=True),
        st.Page("pages/ma_ville.py", title="Ma ville", icon=":material/diversity_2:"),
        st.Page("pages/projet.py", title="Projet", icon=":material/description:"),
        st.Page("pages/villes.py", title="Villes et programmes", icon=":material/location_city:"),
        st.Page("pages/themes.py", title="Thèmes", icon=":material/category:"),
        st.Page("pages/acteurs.py", title="Acteurs", icon=":material/groups:"),
        st.Page("pages/commune.py", title="Commune", icon=":material/location_on:"),
        st.Page("pages/ma_selection.py", title=address.title(), icon=":material/bookmarks:"),
        st.Page("pages/atelier.py", title="Atelier cartes", icon=":material/palette:"),
        st.Page("pages/methode.py", title="Données et méthode", icon=":material/menu_book:"),
    ]

    st.navigation(pages, position="hidden" if frame.opening(pages) else "top").run()
else:
    from villeactive.ui.start import lifespan, warm_up

    warm_up()
    app = st.App(__file__, lifespan=lifespan)
