"""The shape of the house: which way imports go, who may print, read files, write colours."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "villeactive"
PAGES = sorted((ROOT / "pages").glob("*.py"))
CODE = sorted([*PACKAGE.rglob("*.py"), *PAGES, ROOT / "app.py"])
BUILDERS = [ROOT / "geodata" / "rebuild.py"]

# CONTRIBUTING.md: a module may import from its own room and from those before it.
ROOMS = [
    {"errors", "kept_with", "text", "yaml_file", "faults", "vocabulary"},
    {"programmes", "geography"},
    {"collections"},
    {"store"},
    {"atlas", "carried", "frames"},
    {"layers"},
    {"filters"},
    {"selection", "facet_index"},
    {"filtering", "ordering"},
    {"facets"},
    {"analysis"},
    {"check", "wording"},
    {"typography", "maps", "maps.symbols", "maps.scene"},
    {"maps.web", "maps.render"},
    {"documents"},
    {"tables"},
    {"imports"},
    {"ui", "cli", "__main__"},
    {"pages"},
    {"app"},
]
RANK = {name: rank for rank, names in enumerate(ROOMS) for name in names}

# distribution: what one imports, where the two differ
IMPORTED_AS = {
    "PyYAML": "yaml",
    "SQLAlchemy": "sqlalchemy",
    "RapidFuzz": "rapidfuzz",
    "python-calamine": "python_calamine",
    "python-pptx": "pptx",
    "XStatic-Leaflet": "xstatic.pkg.leaflet",
    "font-source-sans-pro": "font_source_sans_pro",
    "fonttools": "fontTools",
    "streamlit-folium": "streamlit_folium",
    "Jinja2": "jinja2",
    "pillow": "PIL",
    "GeoAlchemy2": "geoalchemy2",
    "psycopg[binary]": "psycopg",
}

# module → the extra that it alone needs
OPTIONAL = {
    "crew.py": "requirements-dask.txt",
    "layers.py": "requirements-postgresql.txt",
    "v0002_layers.py": "requirements-postgresql.txt",
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_of(path: Path) -> str:
    """Name a file as imports do: ``villeactive.maps.web.folium_map``, ``pages.carte``, ``app``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Give every dotted name that a file imports, names of ``from x import y`` included."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} : import relatif"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def room(module: str) -> str:
    """Give the room of a module: its first folder, the second too where that is a room."""
    parts = module.split(".")
    if parts[0] != "villeactive" or len(parts) == 1:
        return parts[0]
    two = ".".join(parts[1:3])
    return two if two in RANK else parts[1]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_module_has_its_room():
    rooms = {room(module_of(path)) for path in CODE} - {"villeactive"}
    assert rooms <= set(RANK), "ajoutez le module à ROOMS et à CONTRIBUTING.md"


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_imports_go_one_way(path):
    own = room(module_of(path))
    if own == "villeactive":
        assert not {name for name in imports(path) if name.startswith("villeactive")}
        return
    for name in imports(path):
        other = room(name)
        if other in RANK and name.startswith(("villeactive", "pages", "app")):
            assert RANK[other] <= RANK[own], f"{own} importe {name}"


def test_no_import_goes_round():
    modules = {module_of(path): path for path in CODE}
    needs = {name: imports(path) & set(modules) - {name} for name, path in modules.items()}
    needs = {name: {other for other in others if not name.startswith(f"{other}.")}
             for name, others in needs.items()}  # fmt: skip
    while needs:
        ready = {name for name, others in needs.items() if not others & set(needs)}
        assert ready, f"imports en rond : {sorted(needs)}"
        needs = {name: others for name, others in needs.items() if name not in ready}


def test_only_the_pages_import_streamlit():
    users = {
        room(module_of(path))
        for path in CODE
        if any(name.split(".")[0] in {"streamlit", "streamlit_folium"} for name in imports(path))
    }
    assert users <= {"ui", "pages", "app"}


def test_only_the_command_line_prints():
    printing = {
        relative(path)
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "print"
        or isinstance(node, ast.Attribute) and node.attr in {"stdout", "stderr"}
    }  # fmt: skip
    printing -= {"villeactive/__main__.py"}  # the same, while the modules of the others are read
    assert {path.rsplit("/", 1)[0] for path in printing} == {"villeactive/cli"}


def test_only_the_readers_touch_files():
    """Say who reads or writes files.

    Data: ``geography``, ``yaml_file``, ``collections``, ``tables``, ``imports``; files:
    ``documents``; the database of kept collections, which only opens its own: ``store``. Besides,
    ``maps``, ``typography`` and ``ui`` read what they ship or depend on, never ``geodata``: their
    own ``assets`` and the fonts and scripts of a package.
    """
    readers = {"geography", "yaml_file", "collections", "documents", "tables", "imports", "cli"}
    reads = {"open", "read_text", "read_bytes", "read_csv", "read_parquet", "read_file"}
    writes = {"write_text", "write_bytes", "mkstemp", "fdopen", "to_file", "unlink", "mkdir"}
    for path in CODE:
        own = room(module_of(path))
        used = {
            node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
        }
        text = path.read_text(encoding="utf-8")
        if own not in {"store", "documents", "cli"}:
            assert not used & writes, f"{relative(path)} écrit : {used & writes}"
        if own.split(".")[0] in {"maps", "typography", "ui"}:
            assert "GEODATA" not in text, relative(path)
        elif own not in readers:
            assert not used & reads, f"{relative(path)} lit : {used & reads}"


@pytest.mark.parametrize("folder", sorted({path.parent for path in CODE}), ids=relative)
def test_a_folder_is_taken_in_at_a_glance(folder):
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= 20


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_a_page_is_thin(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


def test_no_unsafe_html_and_no_broad_catch():
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in text, relative(path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "tout"
                assert caught not in {"tout", "Exception", "BaseException"}, relative(path)


def assets() -> list[Path]:
    kinds = {".css", ".js", ".html", ".svg"}
    return [path for path in PACKAGE.rglob("*") if path.suffix in kinds]


def test_nothing_is_fetched_from_the_network():
    """Allow IGN’s online background (off by default), links, and names of XML vocabularies."""
    vocabularies = {"www.w3.org", "www.inkscape.org", "schemas.openxmlformats.org"}
    links = {
        "www.ign.fr",
        "www.insee.fr",
        "anct.gouv.fr",
        "www.observatoire-des-territoires.gouv.fr",
    }
    allowed = {"data.geopf.fr"} | links | vocabularies
    hosts = re.compile(r"(?:https?:)?//((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
    for path in [*CODE, *assets()]:
        text = path.read_text(encoding="utf-8")
        assert set(hosts.findall(text)) <= allowed, relative(path)


def test_colours_are_written_once():
    """Hold every colour in ``maps/symbols.py``.

    ``.streamlit/config.toml`` (the theme of the pages) cannot read Python and repeats some of it.
    Style sheets take theirs from CSS variables, with no colour of their own.
    """
    colour = re.compile(r"(?<![&\w/])#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])", re.I)
    for path in [*CODE, *assets()]:
        if relative(path) != "villeactive/maps/symbols.py":
            assert not colour.findall(path.read_text(encoding="utf-8")), relative(path)


def requirements(name: str = "requirements.txt") -> dict[str, str]:
    """Give name → version of the direct dependencies, or of those of an extra."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    kept = [line.split("#")[0].strip() for line in lines]
    return dict(re.split("==", line, maxsplit=1) for line in kept if line)


def test_each_dependency_is_pinned_and_imported():
    used = set().union(*(imports(path) for path in [*CODE, *BUILDERS]))
    idle = [
        name
        for name in requirements()
        if not any(
            module == wanted or module.startswith(f"{wanted}.")
            for wanted in [IMPORTED_AS.get(name, name).replace("-", "_")]
            for module in used
        )
    ]
    assert idle == []


def imported(name: str) -> set[str]:
    """Give what one imports of the dependencies of a file."""
    return {IMPORTED_AS.get(one, one).replace("-", "_").split(".")[0] for one in requirements(name)}


def test_each_import_is_a_declared_dependency():
    known = imported("requirements.txt")
    known |= set(sys.stdlib_module_names) | {"villeactive", "pages", "app"}
    for path in CODE:
        extra = imported(OPTIONAL[path.name]) if path.name in OPTIONAL else set()
        foreign = {name.split(".")[0] for name in imports(path)} - known - extra
        assert not foreign, f"{relative(path)} : {foreign}"


def test_each_file_of_geodata_has_its_row():
    table = (ROOT / "geodata" / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "geodata").rglob("*")):
        name = path.relative_to(ROOT / "geodata").as_posix()
        if path.is_dir() or "__pycache__" in name or name in {"README.md", "rebuild.py"}:
            continue
        name = re.sub(r"^outlines/communes/.*", "outlines/communes/<departement>.geojson", name)
        name = re.sub(r"^outlines/names/.*", "outlines/names/<departement>.json", name)
        name = re.sub(r"^collections/.*", "collections/", name)
        assert f"`{name}`" in table, f"geodata/README.md ne dit rien de {name}"


def test_no_file_knows_the_machine_it_was_written_on():
    kinds = {".py", ".md", ".toml", ".yaml", ".css", ".js", ".txt", ".sh", ".svg"}
    folders = ["villeactive", "pages", "geodata", "tests", "benchmarks", ".streamlit"]
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    paths += [*ROOT.glob("*.*"), ROOT / "Makefile"]
    absolute = re.compile(r"(?<![\w.:/-])/(?:work|home|root|Users|mnt)/\w")
    for path in paths:
        if path.is_file() and (path.suffix in kinds or path.name == "Makefile"):
            found = absolute.search(path.read_text(encoding="utf-8"))
            assert not found, f"{relative(path)} : {found and found[0]}"
