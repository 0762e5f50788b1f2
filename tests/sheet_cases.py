"""The least that a sheet says."""

GOOD = {
    "id": "une-fiche",
    "kind": "projet",
    "theme": "apprendre-travailler",
    "topic": "formation",
    "title": {"fr": "Une fiche"},
    "summary": {"fr": "Un résumé."},
    "places": [{"scale": "commune", "code_insee": "01053", "name": "Bourg-en-Bresse"}],
    "source": {"section": {"fr": "Une section"}, "pages": [8]},
}
