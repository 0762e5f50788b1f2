"""``projects`` and ``towns``: the sheets and the communes of a selection."""

import argparse
import sys
from datetime import date

import pandas as pd

from villeactive.atlas import Atlas
from villeactive.cli.options import FORMATS, add_filters, atlas_of, selection_of
from villeactive.cli.output import print_json, print_json_list, print_table
from villeactive.documents.csv_geojson import beside, feature_collection, sites_geojson, to_csv
from villeactive.filtering import Applied, apply, apply_to_towns
from villeactive.selection import chips
from villeactive.text import plural
from villeactive.wording.own_fields import own_table
from villeactive.wording.records import sheet_record
from villeactive.wording.sources import collections_of, credit_lines, licence


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Describe the commands of this module."""
    listing = commands.add_parser("projects", help="lister les fiches")
    add_filters(listing)
    listing.add_argument("--format", choices=FORMATS, default="table")
    listing.set_defaults(run=projects)

    listing = commands.add_parser("towns", help="lister les villes des programmes")
    add_filters(listing)
    listing.add_argument(
        "--all", action="store_true", help="toutes les communes, non les seules labellisées"
    )
    listing.add_argument("--format", choices=FORMATS, default="table")
    listing.set_defaults(run=towns)


def projects(options: argparse.Namespace) -> int:
    """List the sheets that match."""
    atlas = atlas_of(options)
    selection = selection_of(options, atlas)
    applied = apply(selection, atlas)
    if options.format == "json":
        print_json_list(sheet_record(atlas.sheets[key], atlas) for key in applied.projects.index)
    elif options.format == "geojson":
        print_json(
            sites_geojson(
                applied.sites,
                atlas,
                day=date.today(),
                sources=credit_lines(atlas, applied.projects.index),
                licence=licence(collections_of(applied.projects.index, atlas)),
            )
        )
    else:
        _print_projects(options.format, applied, atlas, applied.sentence(selection, atlas))
    return 0


def _print_projects(style: str, applied: Applied, atlas: Atlas, sentence: str) -> None:
    """Print one line per sheet."""
    table = applied.projects.reset_index()
    table["departement"] = table["departement"].fillna("")
    if style == "csv":
        columns = [
            "id", "title", "kind", "theme", "topic", "code_insee", "town", "departement",
            "region", "population", "programmes", "n_sites", "amount_eur", "summary",
        ]  # fmt: skip
        told = table[columns].assign(
            programmes=table["programmes"].map(" ".join), lon=table.geometry.x, lat=table.geometry.y
        )
        told = beside(told, own_table(applied.projects, atlas))
        sys.stdout.write(to_csv(told, day=date.today(), french=False).decode())
        return
    n_mentions = applied.n_mentions
    if n_mentions and "lieu" not in sentence.partition(" · ")[0]:
        sentence += f" (et {plural(n_mentions, 'lieu cité', 'lieux cités')})"
    table = table.assign(programmes=table["programmes"].map(" ".join))
    print_table(table[["id", "kind", "theme", "town", "departement", "programmes"]], sentence)


def towns(options: argparse.Namespace) -> int:
    """List labelled towns, or all communes."""
    atlas = atlas_of(options)
    selection = selection_of(options, atlas)
    frame = apply_to_towns(selection, atlas.communes if options.all else atlas.towns, atlas)
    table = frame.reset_index()[
        [
            "code_insee",
            "name",
            "departement",
            "region",
            "epci",
            "population",
            "programmes",
            "lon",
            "lat",
        ]
    ]
    if options.format in {"json", "geojson"}:
        listed = table.assign(programmes=table["programmes"].map(list))
        listed = listed.assign(epci=listed["epci"].where(listed["epci"].notna(), None))
        collection = feature_collection(frame.reset_index(), pd.DataFrame(listed), day=date.today())
        rows = [feature["properties"] for feature in collection["features"]]
        print_json(collection if options.format == "geojson" else rows)
        return 0
    table = pd.DataFrame(table.assign(programmes=table["programmes"].map(" ".join)))
    if options.format == "csv":
        sys.stdout.write(to_csv(table, day=date.today(), french=False).decode())
        return 0
    said = [words for _, words in chips(selection, atlas)]
    closing = " · ".join([plural(len(frame), "commune"), *said])
    print_table(table.drop(columns=["lon", "lat", "epci"]), closing)
    return 0
