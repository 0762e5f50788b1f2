"""Lists of projects of many makes, drawn from the communes of France with a seed.

Each maker returns the file's name, its bytes, and for each row the code expected: of a commune, or
the SIREN of an EPCI, or of a département after « D ».
"""

import csv
import io
import json
import random
import unicodedata
import zipfile
from typing import NamedTuple
from xml.sax.saxutils import escape

import openpyxl
import pyproj

from villeactive.geography import referential

SEED = 20261128
N = 300
WORDS = ("Halle", "Atelier", "Tiers-lieu", "Verger", "Forge", "École", "Comptoir", "Fabrique")
THEMES = ("Commerce", "Industrie", "Culture", "Mobilités")


class Town(NamedTuple):
    code: str
    name: str
    departement: str
    region: str
    epci: str
    lon: float
    lat: float
    postcode: str


def drawn(seed: int, n: int = N) -> list[Town]:
    table = referential.read_communes()
    postcodes = referential.read_postcodes().postcodes
    regions = referential.read_regions().name
    codes = random.Random(SEED + seed).sample(sorted(table.index), n)
    rows = table.loc[codes]
    columns = (rows.name, rows.departement, rows.region.map(regions), rows.epci, rows.lon, rows.lat)
    firsts = [postcodes[code].split()[0] for code in codes]
    return list(map(Town._make, zip(codes, *columns, firsts, strict=True)))


def plain(name: str) -> str:
    name = name.upper().replace("Œ", "OE")
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def text(rows: list[list], delimiter: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def project(i: int) -> str:
    return f"{WORDS[i % len(WORDS)]} n° {i}"


def subsidies() -> tuple[str, bytes, list[str]]:
    """A préfecture's: title lines, beneficiaries, lost zeros, a total."""
    towns = drawn(1)
    rows: list[list] = [["DETR 2023, programmation"], []]
    rows.append(["Bénéficiaire", "Code INSEE", "Dép.", "Opération", "Montant HT", "Aide accordée"])
    for i, t in enumerate(towns):
        who = f"Commune de {t.name}" if i % 2 else plain(t.name)
        cost = f"{i + 1} 250,00 €"
        rows.append(
            [who, t.code.lstrip("0"), t.departement.lstrip("0"), project(i), cost, f"{i} k€"]
        )
    rows.append(["TOTAL", "", "", "", "9 999 999,00 €", "1 000 k€"])
    return "detr.csv", text(rows, ";").encode("cp1252", "replace"), [t.code for t in towns]


def workbook() -> tuple[str, bytes, list[str]]:
    """A région's: a sheet to read first, two rows of headers, numbers for codes, Excel's dates."""
    towns, book = drawn(2), openpyxl.Workbook()
    book.active.append(["À lire : voir la feuille Suivi"])
    sheet = book.create_sheet("Suivi")
    sheet.append(["Lieu", "", "", "Projet", ""])
    sheet.append(["Commune", "INSEE", "CP", "Intitulé", "Date de notification"])
    for i, t in enumerate(towns):
        code = int(t.code) if t.code.isdigit() else t.code
        sheet.append([t.name, code, int(t.postcode), project(i), f"{i % 28 + 1:02}/03/2022"])
    stream = io.BytesIO()
    book.save(stream)
    return "suivi.xlsx", stream.getvalue(), [t.code for t in towns]


def opendocument() -> tuple[str, bytes, list[str]]:
    """A town's: an ODS of names and départements in words."""
    towns = drawn(3)
    names = referential.read_departements().name
    rows = [["Ville", "Département", "Projet", "Thème"]]
    rows += [[t.name, names[t.departement], project(i), THEMES[i % 4]] for i, t in enumerate(towns)]
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = ["".join(cell.format(escape(text)) for text in row) for row in rows]
    return "projets.ods", opendocument_of(lines), [t.code for t in towns]


def opendocument_of(lines: list[str]) -> bytes:
    """Write an ODS whose rows are these cells."""
    rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0"'
        f' xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Projets">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def features() -> tuple[str, bytes, list[str]]:
    """A map's: GeoJSON of points, the town by name only."""
    towns = drawn(4)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [t.lon, t.lat]},
            "properties": {"nom_com": plain(t.name), "titre": project(i), "type": THEMES[i % 4]},
        }
        for i, t in enumerate(towns)
    ]
    whole = {"type": "FeatureCollection", "features": features}
    return "carte.geojson", json.dumps(whole).encode(), [t.code for t in towns]


def records() -> tuple[str, bytes, list[str]]:
    """A service's: a list of JSON records, codes as numbers, an address beside."""
    towns = drawn(5)
    told = [
        {
            "id": i,
            "code_insee": int(t.code) if t.code.isdigit() else t.code,
            "commune": t.name,
            "adresse": f"{i} rue de Lyon",
            "titre": project(i),
            "ouvert": i % 2 == 0,
        }
        for i, t in enumerate(towns)
    ]
    return "liste.json", json.dumps(told, ensure_ascii=False).encode(), [t.code for t in towns]


def tabbed() -> tuple[str, bytes, list[str]]:
    """A spreadsheet's export: UTF-16, tabs, names and postcodes."""
    towns = drawn(6)
    rows = [["Localité", "Code postal", "Nom du projet"]]
    rows += [[t.name.replace("Saint-", "St "), t.postcode, project(i)] for i, t in enumerate(towns)]
    return "export.txt", text(rows, "\t").encode("utf-16"), [t.code for t in towns]


def addresses() -> tuple[str, bytes, list[str]]:
    """An association's: whole addresses, streets that name other towns."""
    towns = drawn(7)
    rows = [["Structure", "Adresse complète", "Site web"]]
    rows += [
        [project(i), f"{i + 1} rue de Paris, {t.postcode} {plain(t.name)}", "https://exemple.fr"]
        for i, t in enumerate(towns)
    ]
    return "lieux.csv", text(rows, "|").encode(), [t.code for t in towns]


def headless() -> tuple[str, bytes, list[str]]:
    """Cells pasted without headers."""
    towns = drawn(8)
    rows = [[t.code, t.name, project(i)] for i, t in enumerate(towns)]
    return "collage.csv", text(rows, ",").encode(), [t.code for t in towns]


def points() -> tuple[str, bytes, list[str]]:
    """A portal's: latitude and longitude in one cell, names in capitals."""
    towns = drawn(9)
    rows = [["geo_point_2d", "libelle_commune", "action", "annee"]]
    rows += [
        [f"{t.lat}, {t.lon}", plain(t.name), project(i), 2019 + i % 5] for i, t in enumerate(towns)
    ]
    return "portail.csv", text(rows, ";").encode("utf-8-sig"), [t.code for t in towns]


def lambert() -> tuple[str, bytes, list[str]]:
    """A land survey's: names with coordinates in Lambert-93, decimal commas."""
    towns = [t for t in drawn(10, 400) if not t.code.startswith("97")]
    turn = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    rows = [["Site", "Ville", "X", "Y"]]
    for i, t in enumerate(towns):
        x, y = turn.transform(t.lon, t.lat)
        rows.append(
            [project(i), t.name, f"{x:.2f}".replace(".", ","), f"{y:.2f}".replace(".", ",")]
        )
    return "friches.csv", text(rows, ";").encode("mac_roman", "replace"), [t.code for t in towns]


def former() -> tuple[str, bytes, list[str]]:
    """An old list: names and codes that are gone."""
    table = referential.read_old_communes()
    known = set(referential.read_communes().index)
    gone = table[(table.name != "") & ~table.code.isin(known)].sample(N, random_state=SEED)
    rows = [["codgeo", "libgeo", "dep", "projet"]]
    homes = referential.read_communes().departement
    for i, row in enumerate(gone.itertuples()):
        rows.append([row.code, row.name, homes[row.code_insee], project(i)])
    return "anciens.csv", text(rows, ",").encode(), list(gone.code_insee)


def intercommunal() -> tuple[str, bytes, list[str]]:
    """A département's contracts: EPCI by SIREN and name, towns, départements, with their scale."""
    table = referential.read_epci().sample(N // 3, random_state=SEED)
    rows = [["Territoire", "Code", "Échelon", "Programme"]]
    expected = []
    for siren, row in table.iterrows():
        rows.append([row["name"], siren, "EPCI", "CRTE"])
        expected.append(siren)
    for code, name in referential.read_departements().name.items():
        rows.append([name, code, "Département", "CPER"])
        expected.append(f"D{code}")
    for t in drawn(12, 100):
        rows.append([t.name, t.code, "commune", "PVD"])
        expected.append(t.code)
    return "contrats.csv", text(rows, ";").encode("iso8859_15", "replace"), expected


MAKERS = (subsidies, workbook, opendocument, features, records, tabbed, addresses, headless, points,
          lambert, former, intercommunal)  # fmt: skip
