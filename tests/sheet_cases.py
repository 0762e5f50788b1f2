"""The least that a sheet says, and a collection of such sheets as an author writes it."""

from pathlib import Path
from typing import Any

import yaml

from villeactive.collections import project

GOOD = {
    "id": "une-fiche",
    "collection": "essai",
    "kind": "projet",
    "theme": "apprendre-travailler",
    "topic": "formation",
    "title": {"fr": "Une fiche"},
    "summary": {"fr": "Un résumé."},
    "places": [{"scale": "commune", "code_insee": "01053", "name": "Bourg-en-Bresse"}],
    "reference": {"section": {"fr": "Une section"}, "pages": [8]},
}
THEMES = ("apprendre-travailler", "filieres-productions")
HEAD = {
    "id": "essai",
    "title": "Un essai",
    "themes": [{"code": code, "label": code} for code in THEMES],
}


def parse_project(data: Any, *, where: str = "x") -> project.Project:
    """Read a sheet of a collection that has two themes."""
    return project.parse_project(data, where=where, context={"themes": (*THEMES, "none")})


def write(folder: Path, name: str, data: object) -> Path:
    """Write a YAML file as an author would."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (
        data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    )
    path.write_text(text, encoding="utf-8")
    return path


def written(data: dict) -> dict:
    """Give a sheet as an author writes it: its collection goes without saying."""
    return {key: value for key, value in data.items() if key != "collection"}


def collection(folder: Path, *sheets: dict, organisations: object = None, **head: object) -> Path:
    """Write a collection; give its folder."""
    write(folder, "collection.yaml", HEAD | head)
    if organisations is not None:
        write(folder, "organisations.yaml", organisations)
    for sheet in sheets:
        write(folder, f"projects/{sheet['id']}.yaml", written(sheet))
    return folder
