"""The atlas: the server, page configuration and navigation, nothing else.

``streamlit run app.py`` imports this file once for the server, then runs it for each reader.
"""

import streamlit as st

if __name__ == "__main__":
    from villeactive.ui import menu, shell
    from villeactive.ui.wordmark import icon

    # before the menu: Streamlit would ask another host for the sign of the page opened
    st.set_page_config(
        page_title="Ville active",
        page_icon=icon(),
        layout="wide",
        initial_sidebar_state="auto",
    )
    with shell.faults_told():
        pages = menu.pages()
        bare = shell.opening(pages)
        st.navigation(pages, position="hidden" if bare else "top").run()
        if bare:  # the page is whole all the same: it came back from another process
            st.navigation(pages, position="top")
    shell.mark_end()
else:
    from starlette.middleware import Middleware

    from villeactive.ui.first_words import FirstWords
    from villeactive.ui.headers import Guard
    from villeactive.ui.own_files import Compressed
    from villeactive.ui.start import lifespan, warm_up
    from villeactive.ui.watch import Watch

    warm_up()
    around = [Middleware(one) for one in (Guard, Watch, FirstWords, Compressed)]
    app = st.App(__file__, lifespan=lifespan, middleware=around)
