"""A sheet as plain values: what ``projects --format json`` prints and what files hold."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from villeactive.atlas import Atlas
from villeactive.carried import carried_at, undated_at
from villeactive.collections.collection import NO_THEME
from villeactive.collections.project import ACTOR_ROLES, Actor, Place, Project
from villeactive.facet_index import columns_of
from villeactive.geography.referential import TERRITORY_COLUMNS
from villeactive.programmes import in_order
from villeactive.vocabulary import label
from villeactive.wording.sources import document

_OF_COMMUNE = ("name", *TERRITORY_COLUMNS, "population", "population_year", "lon", "lat")
_FIRST_YEAR = 2022
"""Year whose programmes have a key of their own, which readers of the first exports know."""


def _programmes(labels: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """List what a commune carries today, one entry per programme."""
    entries: dict[str, dict[str, Any]] = {}
    for code, since, phase in zip(*labels.values(), strict=True):
        entry = {
            "code": code,
            "since": since if isinstance(since, str) else None,
            "phase": phase if isinstance(phase, str) else None,
        }
        entries.setdefault(code, entry)
    return list(entries.values())


def _then(place: Place, labels: Mapping[str, np.ndarray], year: int | None) -> dict[str, Any]:
    """Tell what the place carried at the end of the year of its collection."""
    codes = list(carried_at(place, labels, year)) if year else None
    then = {"then": year, "programmes_then": codes}
    return then | ({"programmes_2022": codes} if year == _FIRST_YEAR else {})


def place_record(place: Place, atlas: Atlas, *, year: int | None) -> dict[str, Any]:
    """Describe a place: what the sheet says, and what the geography knows of its commune.

    Parameters
    ----------
    place, atlas
        The place and the whole atlas.
    year
        That of the collection, for the programmes carried then.
    """
    communes = columns_of(atlas.communes)
    at = atlas.communes.index.get_loc(place.code_insee)
    commune = {name: communes.values(name)[at] for name in _OF_COMMUNE}
    epci = {"siren": commune["epci"], "name": commune["epci_name"]}
    labels = atlas.dates_of(place.code_insee)
    return {
        "scale": place.scale,
        "code_insee": place.code_insee,
        "siren": place.siren,
        "name": place.name or commune["name"],
        "commune": commune["name"],
        "role": place.role,
        "site": place.site.fr if place.site else None,
        "street": place.street,
        "departement": {
            "code": commune["departement"],
            "name": commune["departement_name"],
        },
        "region": {"code": commune["region"], "name": commune["region_name"]},
        "epci": epci if isinstance(commune["epci"], str) else None,
        "population": int(commune["population"]),
        "population_year": int(commune["population_year"]),
        "population_book": place.population_cited,
        "population_cited": place.population_cited,
        "population_counts": place.population_counts if place.population_cited else None,
        "lon": round(float(commune["lon"]), 6),
        "lat": round(float(commune["lat"]), 6),
        "programmes": _programmes(labels),
        **_then(place, labels, year),
        "programmes_undated": list(undated_at(place, labels)),
    }


def _actor(actor: Actor, atlas: Atlas) -> str:
    """Name an actor in full; one that is no organisation of the list, by the book's words."""
    if not actor.organisation:
        return actor.note.fr if actor.note else ""
    return atlas.organisations[actor.organisation].name


def _named(organisation: str | None, atlas: Atlas) -> str | None:
    """Give the full name of an organisation."""
    return atlas.organisations[organisation].name if organisation else None


def _plain(items: list, *, drop: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Dump models with their texts as French strings."""
    return [
        {
            key: value["fr"] if isinstance(value, dict) else value
            for key, value in item.model_dump(exclude=set(drop)).items()
        }
        for item in items
    ]


def _budget(sheet: Project, atlas: Atlas) -> list[dict[str, Any]]:
    """List the amounts; ``part_of`` names the line that contains this one."""
    labels = {line.id: line.label.fr for line in sheet.budget if line.id}
    lines = _plain(sheet.budget, drop=("id",))
    for line in lines:
        line["payer"] = _named(line["payer"], atlas)
        line["part_of"] = labels.get(line["part_of"])
    return lines


def _with_organisation(items: list, atlas: Atlas) -> list[dict[str, Any]]:
    """Dump people with their organisation by full name."""
    people = _plain(items)
    for person in people:
        person["organisation"] = _named(person["organisation"], atlas)
    return people


def sheet_record(sheet: Project, atlas: Atlas) -> dict[str, Any]:
    """Describe a whole sheet in plain values.

    Parameters
    ----------
    sheet
        One sheet of the atlas.
    atlas
        For geography and the names of organisations.

    Returns
    -------
    dict
        JSON-ready; people and organisations by full name, programmes by code, texts in
        French; coordinates in decimal degrees (WGS 84), amounts in euros. Of a row of a table,
        ``fields`` (header → cell) and ``amounts`` (header → euros read in it) too, and
        ``unlocated``, why it has no place, or not all of its own.
    """

    def text(name: str) -> str | None:
        value = getattr(sheet, name)
        return value.fr if value else None

    collection = atlas.collection_of(sheet)
    places = [place_record(place, atlas, year=collection.year) for place in sheet.places]
    carried = [entry["code"] for place in places for entry in place["programmes"]]
    record: dict[str, Any] = {
        "id": sheet.id,
        "collection": sheet.collection,
        "title": text("title"),
        "kind": sheet.kind,
        "theme": None if sheet.theme == NO_THEME else sheet.theme,
        "topic": sheet.topic,
        "topic_book": sheet.topic_cited,
        "summary": text("summary"),
        "context": text("context"),
        "aims": text("aims"),
        "description": text("description"),
        "judged_by": sheet.judged_by,
        "strengths": [strength.fr for strength in sheet.strengths],
        "impacts": _plain(sheet.impacts),
        "places": places,
        "programmes_cited": list(sheet.programmes_cited),
        "programmes": list(in_order(carried)),
        "labels": [label("labels", code) for code in sheet.labels],
    }
    for role in ACTOR_ROLES:
        record[role] = [_actor(actor, atlas) for actor in getattr(sheet, role)]
    own = {"fields": dict(sheet.fields), "amounts": dict(sheet.amounts)} if sheet.fields else {}
    own |= {"unlocated": text("unlocated")} if sheet.unlocated else {}
    return record | {
        "actor_notes": [
            {"role": role, "organisation": _actor(actor, atlas), "note": actor.note.fr}
            for role, actor in sheet.actors()
            if actor.organisation and actor.note
        ],
        "timeline": _plain(sheet.timeline),
        "budget": _budget(sheet, atlas),
        "figures": _plain(sheet.figures),
        "voices": _with_organisation(sheet.voices, atlas),
        "related": _plain(sheet.related),
        "contacts": _with_organisation(sheet.contacts, atlas),
        "links": _plain(sheet.links),
        "source": {
            "document": document(collection, atlas),
            "section": str(sheet.reference.section or "") or None,
            "pages": list(sheet.reference.pages),
        },
        "reference": {
            "section": str(sheet.reference.section or "") or None,
            "pages": list(sheet.reference.pages),
            "url": sheet.reference.url,
        },
        "notes": [note.fr for note in sheet.notes],
        **own,
    }
