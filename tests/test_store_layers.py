"""What QGIS opens of a store on PostgreSQL: a view per collection, read by GDAL as QGIS does."""

import os
import re
import subprocess
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from villeactive.imports.importing import draft, keep
from villeactive.imports.projects import Wish
from villeactive.store.database import Store
from villeactive.store.layers import safe_names, view_of
from villeactive.store.records import Kept, Record
from villeactive.tables.mapping import Mapping

TABLE = """Identifiant;Intitulé du projet;Commune;Code INSEE;Subvention accordée;Logements;Téléphone
A1;Halle « des Arts »;Lens;62498;1 500,50;12;06 12 34 56 78
A2;Médiathèque;Arras;62041;2 000;n.c.;06 12 34 56 79
A3;Sans lieu;Nulle-Part-sur-Rien;;;3;
"""


@pytest.fixture
def url(postgres) -> str:
    return postgres.base()


def brought(tmp_path, kept_in: Store, table: str = TABLE, **said: object) -> None:
    path = tmp_path / "aides.csv"
    path.write_text(table, encoding="utf-8")
    keep(draft(path, Wish("mes-aides", "Mes aides", **said), kept_in), kept_in)


@dataclass
class Layer:
    """What GDAL tells of a layer: geometry, type of each field, values of each feature."""

    geometry: str = ""
    types: dict[str, str] = field(default_factory=dict)
    features: list[dict[str, str | None]] = field(default_factory=list)

    def of(self, name: str, value: str) -> dict[str, str | None]:
        return next(one for one in self.features if one[name] == value)


def layers(url: str) -> dict[str, Layer]:
    """Read the layers of a database as a desktop GIS lists them, with their features."""
    at = make_url(url)
    where = f"host={at.host} port={at.port} dbname={at.database} user={at.username}"
    signed_in = {**os.environ, "PGPASSWORD": at.password, "PGCLIENTENCODING": "UTF8"}
    command = ["ogrinfo", "-al", "-ro", f"PG:{where} schemas=collections"]
    told = subprocess.run(command, env=signed_in, check=True, capture_output=True).stdout.decode()
    found: dict[str, Layer] = {}
    for line in told.split("\n"):
        key, _, value = line.partition(": ")
        if key == "Layer name":
            layer = found[value] = Layer()
        elif key == "Geometry":
            layer.geometry = value
        elif given := re.fullmatch(r"  (.*) \((\w+)(?:\(.*\))?\) = (.*)", line):
            layer.features[-1][given[1]] = None if given[3] == "(null)" else given[3]
        elif given := re.fullmatch(r"(\S.*): (String|Real|Integer) \(.*\).*", line):
            layer.types[given[1]] = given[2]
        elif line.startswith("OGRFeature("):
            layer.features.append({"point": None})
        elif given := re.fullmatch(r"  POINT \((.*) (.*)\)", line):
            layer.features[-1]["point"] = (float(given[1]), float(given[2]))
        elif 'ID["EPSG",4326]' in line:
            layer.geometry += " 4326"
    return found


def test_a_collection_is_a_layer_of_its_own_columns(url, tmp_path):
    kept_in = Store(url)
    brought(tmp_path, kept_in)
    found = layers(url)
    assert list(found) == ["mes_aides"]
    layer = found["mes_aides"]
    assert layer.geometry == "Point 4326"
    assert layer.types["Subvention accordée"] == "Real"
    assert (layer.types["Logements"], layer.types["Logements (texte)"]) == ("Real", "String")
    assert "Téléphone" not in layer.types
    halle, other, nowhere = (layer.of("Identifiant", one) for one in ("A1", "A2", "A3"))
    assert halle["projet_titre"] == halle["Intitulé du projet"] == "Halle « des Arts »"
    assert (halle["Subvention accordée"], halle["Logements"]) == ("1500.5", "12")
    assert halle["Code INSEE"] == "62498"
    assert halle["point"] == pytest.approx((2.83, 50.43), abs=0.02)
    assert (other["Logements"], other["Logements (texte)"]) == (None, "n.c.")
    assert nowhere["point"] is None


def test_a_layer_follows_imports_undo_and_removal(url, tmp_path):
    kept_in = Store(url)
    brought(tmp_path, kept_in)
    later = TABLE.replace("Logements", "Logements livrés").replace("Lens;62498", "Béthune;62119")
    brought(tmp_path, kept_in, later)
    layer = layers(url)["mes_aides"]
    assert "Logements livrés" in layer.types
    assert layer.of("Commune", "Béthune")["point"] == pytest.approx((2.64, 50.53), abs=0.02)

    kept_in.undo("mes-aides")
    layer = layers(url)["mes_aides"]
    assert "Logements" in layer.types
    assert layer.of("Commune", "Lens")["point"] == pytest.approx((2.83, 50.43), abs=0.02)

    kept_in.remove("mes-aides")
    assert layers(url) == {}
    brought(tmp_path, kept_in)
    kept_in.undo("mes-aides")
    assert layers(url) == {}


def test_who_reads_the_layers_reads_nothing_else(url, postgres, tmp_path):
    kept_in, base = Store(url), url.rpartition("/")[2]
    kept_in.write(Kept("vide", {"title": "Vide"}, {}, {}, {}), digest="1", file="f")
    kept_in.remove("vide")
    postgres.ask("CREATE ROLE lecteur LOGIN PASSWORD 'essai'")
    postgres.ask("GRANT USAGE ON SCHEMA collections TO lecteur", base)
    postgres.ask(
        "ALTER DEFAULT PRIVILEGES FOR ROLE atlas IN SCHEMA collections "
        "GRANT SELECT ON TABLES TO lecteur", base,
    )  # fmt: skip
    brought(tmp_path, kept_in)
    reader = postgres.url(base, role="lecteur")
    engine = create_engine(reader.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM collections.mes_aides")) == 3
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.scalar(text("SELECT count(*) FROM project"))
    engine.dispose()
    # the same columns again: the view itself stays, and what was granted on it alone
    postgres.ask("GRANT SELECT ON collections.mes_aides TO PUBLIC", base)
    brought(tmp_path, kept_in, TABLE.replace("Halle", "Grande halle"))
    assert "=r/atlas" in postgres.ask(
        "SELECT relacl FROM pg_class WHERE relname = 'mes_aides'", base
    )


HOSTILE = [
    'a"; DROP TABLE project; --', "a'; DROP TABLE project; --", "%s %(x)s {0} :nom", "", " ",
    "projet", "PROJET", "projet_point", "é" * 60, "é" * 59 + "xx", "é" * 60 + "y", "\n\t", "👩🏽‍🚒",
]  # fmt: skip


def test_hostile_names_are_names(url):
    kept_in = Store(url)
    columns = [{"header": one, "slug": f"c{i}", "type": "text"} for i, one in enumerate(HOSTILE)]
    row = dict.fromkeys(HOSTILE, "=1+1'\"%s")
    for name in ("a-b", "a_b", "a--b", "A-B", "é", "x" * 80, "x" * 79 + "y", *HOSTILE[:4]):
        head = {"title": name, "columns": columns, "themes": [{"code": "t'", "label": "L'“%s"}]}
        record = Record(f"p{name}", "k", 0, {"title": name, "theme": "t'"}, row)
        kept_in.write(Kept(name, head, {}, {}, {record.id: record}), digest="1", file="f")
    found = layers(url)
    assert len(found) == 11
    for layer in found.values():
        assert all(len(one.encode()) <= 63 for one in layer.types)
        assert len({one.casefold() for one in layer.types}) == len(HOSTILE) + 3
        [values] = layer.features
        assert list(values.values()).count("=1+1'\"%s") == len(HOSTILE)
        assert values["projet_theme"] == "L'“%s"
    for name in [one.id for one in kept_in.listed()]:
        kept_in.remove(name)
    assert layers(url) == {}


def test_names_of_views_and_columns():
    assert view_of("mes-aides") == "mes_aides"
    assert len({view_of(one) for one in ("a-b", "a_b", "a--b", "A-b", "a-b ", "-a-b")}) == 6
    assert max(len(view_of("x" * size)) for size in range(1, 200)) <= 63
    assert safe_names(["a", "A", "a_2", "a", ""]) == ["a", "A_2", "a_2_2", "a_3", "colonne"]


def test_a_table_without_a_place_or_with_odd_ones_is_a_layer_too(url):
    places = [
        [{"lon": 2.5, "lat": 48.5}], [{"siren": "200071751"}], [{"region": "53"}],
        [{"code_insee": "99999"}], "Lens", [], [None], [{"lon": "x", "lat": 1}],
    ]  # fmt: skip
    records = {
        f"p{i}": Record(f"p{i}", f"{i}", i, {"title": "t", "places": one}, {})
        for i, one in enumerate(places)
    }
    kept_in = Store(url)
    kept_in.write(Kept("essai", {"title": "Essai"}, {}, {}, records), digest="1", file="f")
    layer = layers(url)["essai"]
    placed = [layer.of("projet", f"p{i}")["point"] is not None for i in range(len(places))]
    assert placed == [True, True, True, False, False, False, False, False]
    moved = {**records, "p5": replace(records["p5"], data={"title": "t", "places": places[0]})}
    kept_in.write(Kept("essai", {"title": "Essai"}, {}, {}, moved), digest="2", file="f")
    assert layers(url)["essai"].of("projet", "p5")["point"] == (2.5, 48.5)


def test_a_project_of_several_rows_is_one_feature_that_says_each_text_once(url, tmp_path):
    kept_in = Store(url)
    path = tmp_path / "aides.csv"
    path.write_text(
        "Réf;Titre;Commune;Code INSEE;Aide (€);Logements;État\n"
        "A1;Halle;Lens;62498;100;5;soldé\nA2;École;Lens;62498;300;7;soldé\n"
        "A1;Halle;Arras;62041;200;5;engagé\nA1;Halle;Béthune;62119;;5;soldé\n",
        encoding="utf-8",
    )
    mapping = Mapping({"Réf": "id"}, sites=("rows",))
    keep(draft(path, Wish("aides", "Aides"), kept_in, mapping=mapping), kept_in)
    layer = layers(url)["aides"]
    assert layer.geometry == "Point 4326"
    halle, school = layer.of("projet", "aides-a1"), layer.of("projet", "aides-a2")
    assert [one["Commune"] for one in (halle, school)] == ["Arras ; Béthune ; Lens", "Lens"]
    assert [one["État"] for one in (halle, school)] == ["engagé ; soldé", "soldé"]
    assert [one["Logements"] for one in (halle, school)] == ["5", "7"]
    assert [one["Aide (€)"] for one in (halle, school)] == [None, "300"]
    assert halle["Aide (€) (texte)"] == "100 ; 200"
    assert halle["point"] == pytest.approx((2.83, 50.43), abs=0.05)
