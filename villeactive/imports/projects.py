"""A table understood → a collection to keep: its head, and its projects."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from villeactive.imports.identity import project_keys
from villeactive.imports.questions import settled
from villeactive.imports.sites import located, rows_kept
from villeactive.store.records import Kept, Record
from villeactive.tables.columns import Column
from villeactive.tables.mapping import beside_roles
from villeactive.tables.records import OTHER_THEMES, WITHOUT_THEME, records, size_column
from villeactive.tables.understanding import Understood
from villeactive.text import fold

_JOINED = re.compile(r"_+|(?<!\d)-+|-+(?!\d)")
"""What stands for a space in the name of a file; ``2024-03`` is one word."""

_LONGEST = 48
"""Letters of a slug."""

_KIND = {"code": "dossier", "label": "Projet", "plural": "projets", "counted": True, "size": 110.0}
"""What a row is: a project, which nobody says detailed; the same for all tables."""


@dataclass(frozen=True)
class Wish:
    """What its owner says of a collection.

    ``shared`` holds the headers of personal columns that may be shown; ``day`` is that of the
    import.
    """

    id: str
    title: str
    owner: str = ""
    source: str = ""
    licence: str = ""
    day: date | None = None
    shared: frozenset[str] = field(default_factory=frozenset)


def slug(text: str) -> str:
    """Return a text as an identifier: lower case, no accents, hyphens; empty where none is left."""
    words = "-".join(fold(text).split())
    return (
        words if len(words) <= _LONGEST else words[:_LONGEST].rpartition("-")[0] or words[:_LONGEST]
    )


def id_of_file(path: Path) -> str:
    """Return the id that a file gives to its collection."""
    named = slug(path.stem)
    return named if any(letter.isalpha() for letter in named) else f"collection-{named}".strip("-")


def title_of_file(path: Path) -> str:
    """Return the title that a file gives to its collection."""
    title = " ".join(_JOINED.sub(" ", path.stem).split())
    return title[:1].upper() + title[1:] or "Collection"


def wish_of(before: Kept | None, name: str, path: Path) -> Wish:
    """Return what is known of a collection: as kept, else by its file."""
    if before is None:
        return Wish(name, title_of_file(path))
    head = before.head
    columns = {one["header"] for one in head.get("columns", [])}
    return Wish(
        name,
        head["title"],
        *("".join(head.get(key, [])[:1]) for key in ("publishers", "credits")),
        head.get("licence", ""),
        shared=frozenset(columns.intersection(before.mapping.get("personal", []))),
    )


def collected(
    understood: Understood,
    wish: Wish,
    *,
    before: Kept | None = None,
    decisions: Mapping[str, Any] | None = None,
) -> Kept:
    """Return the collection that a table makes.

    Parameters
    ----------
    understood
        The table, as :func:`villeactive.tables.understanding.understand` gives it.
    wish
        What its owner says of it.
    before
        The collection as kept: its projects keep their ids, its decisions hold.
    decisions
        Places settled by hand, by question or by row, beside those of ``before``; an empty one
        takes one of these back.

    Returns
    -------
    Kept
        ``data`` of a record is a project as a file would say it: title, theme, places, fields in
        the order of the columns without those that are personal, euros. Ids of themes and projects
        carry that of the collection. A project without a sure place has none; one with several
        sites has those that are sure, and says of the others why they are not.
    """
    by_hand = {**(before.decisions if before else {}), **(decisions or {})}
    by_hand = {key: decision for key, decision in by_hand.items() if decision}
    places = settled(understood, by_hand)
    told = records(understood)
    themes = _themes((one["theme"] for one in told), wish.id)
    columns = [c for c in understood.columns if not c.personal or c.header in wish.shared]
    organisations: dict[str, str] = {}
    keys = project_keys(understood, [one["title"] for one in told])
    ids = _ids(keys, wish.id, before)
    made: dict[str, Record] = {}
    for position, (project, one, key) in enumerate(
        zip(understood.sites.projects, told, keys, strict=True)
    ):
        where = located(understood, project, places)
        data = {"id": ids[key], "title": one["title"], "places": where.places}
        data["unlocated"] = where.why
        if one["theme"] in themes:
            data["theme"] = themes[one["theme"]]
        for row in understood.sites.rows_of(project):
            _add_words(data, columns, understood.table.rows[row], organisations)
        data["fields"] = {
            c.header: one["values"][c.header] for c in columns if one["values"].get(c.header)
        }
        data["amounts"] = {k: v for k, v in one["amounts"].items() if v is not None}
        held = rows_kept(understood, project, where)
        made[ids[key]] = Record(ids[key], key, position, _without_empty(data), held)
    mapping: dict[str, Any] = {"columns": {c.header: c.role for c in understood.columns}}
    mapping["personal"] = [c.header for c in understood.columns if c.personal]
    mapping |= beside_roles(understood.mapping)
    if understood.raw.sheet:
        mapping["sheet"] = understood.raw.sheet
    head = _head(wish, columns, themes, understood)
    head["organisations"] = [{"id": code, "name": name} for code, name in organisations.items()]
    return Kept(wish.id, head, mapping, by_hand, made)


def digest_of(data: bytes, kept: Kept) -> str:
    """Return what tells an import from another: its file, roles, decisions and head."""
    head = {key: value for key, value in kept.head.items() if key != "updated"}
    settled = json.dumps([head, kept.mapping, kept.decisions], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(data + settled.encode("utf-8", "replace")).hexdigest()


def _head(
    wish: Wish, columns: list[Column], themes: Mapping[str, str], understood: Understood
) -> dict[str, Any]:
    """Return what ``collection.yaml`` would say."""
    size = size_column(understood.columns)
    slugs = _unique([slug(c.header) or "colonne" for c in columns])
    kinds = {True: "amount", False: None}
    listed = [
        {
            "header": c.header,
            "slug": name,
            "type": kinds[c.role == "amount"] or c.type,
            "role": c.role,
            # what is headed as a theme is the filter of that name already
            "filter": c.filter and not (themes and c.role == "theme"),
            "separator": c.separator,
        }
        for c, name in zip(columns, slugs, strict=True)
    ]
    head = {
        "id": wish.id,
        "title": wish.title,
        "noun": "collection",
        "article": "la",
        "publishers": [wish.owner] if wish.owner else [],
        "licence": wish.licence or None,
        "credits": [wish.source] if wish.source else [],
        "updated": wish.day.isoformat() if wish.day else None,
        "themes": [{"code": code, "label": label} for label, code in themes.items()],
        "kinds": [_KIND],
        "columns": [_without_empty(one) for one in listed],
        "size": size.header if size else None,
    }
    return _without_empty(head)


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, False)}


def _themes(given: Iterable[str], name: str) -> dict[str, str]:
    """Return label → code of the themes, in order, the large rest last."""
    labels = [label for label in dict.fromkeys(given) if label != WITHOUT_THEME]
    labels.sort(key=lambda label: (label == OTHER_THEMES, fold(label)))
    codes = _unique([slug(label) or "theme" for label in labels])
    return {label: f"{name}-{code}" for label, code in zip(labels, codes, strict=True)}


def _unique(names: list[str]) -> list[str]:
    """Return names in order, those already taken followed by a number."""
    taken: set[str] = set()
    made = []
    for name in names:
        one, number = name, 1
        while one in taken:
            number += 1
            one = f"{name}-{number}"
        taken.add(one)
        made.append(one)
    return made


def _add_words(
    said: dict[str, Any], columns: list[Column], row: list[str], organisations: dict[str, str]
) -> None:
    """Add to a project the description and organisations of a row; new ones are listed."""
    for column in columns:
        cell = row[column.index].strip()
        if not cell:
            continue
        if column.role == "description" and "description" not in said:
            said["description"] = cell
        elif column.role == "organisation":
            parts = cell.split(column.separator) if column.separator else [cell]
            for name in filter(None, (" ".join(part.split()) for part in parts)):
                code = slug(name) or "organisation"
                organisations.setdefault(code, name)
                held = said.setdefault("holders", [])
                if code not in held:
                    held.append(code)


def _ids(keys: list[str], name: str, before: Kept | None) -> dict[str, str]:
    """Return key → id of project: that which it had, else one made of the key."""
    known = {record.key: record.id for record in before.records.values()} if before else {}
    taken = set(known.values())
    ids: dict[str, str] = {}
    for key in keys:
        if key in known:
            ids[key] = known[key]
            continue
        words = slug(" ".join(json.loads(key.rpartition("]")[0] + "]")) if key[:1] == "[" else key)
        one = f"{name}-{words}".strip("-")
        if not words or one in taken:
            mark = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:6]
            one = f"{one}-{mark}"
        while one in taken:
            one = f"{one}-2"
        taken.add(one)
        ids[key] = one
    return ids
