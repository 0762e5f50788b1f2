"""Roles of columns settled by hand, and what makes several sites: a YAML file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from villeactive.documents.whole_files import write_whole
from villeactive.errors import DataFileError
from villeactive.tables.columns import Column
from villeactive.tables.roles import ROLES
from villeactive.yaml_file import UnreadableError, load

SITES = ("cells", "rows")
"""A cell of communes that names several; several rows of one identifier."""


@dataclass(frozen=True)
class Mapping:
    """What is settled by hand.

    Attributes
    ----------
    columns
        Header → role, or None for a column of no role.
    sheet
        Of a workbook.
    themed
        False: projects have no theme, whatever the columns.
    sites
        Of :data:`SITES`, what makes several sites of one project; a row is one place by default.
    """

    columns: dict[str, str | None] = field(default_factory=dict)
    sheet: str | None = None
    themed: bool = True
    sites: tuple[str, ...] = ()


def read_mapping(path: Path) -> Mapping:
    """Read a mapping.

    Raises
    ------
    DataFileError
        The file is missing, no mapping, or names an unknown role.
    """
    name = path.name or str(path)
    shape = "Attendu : « columns: » puis une ligne « en-tête: rôle » par colonne."
    try:
        given = load(path)
    except UnreadableError as error:
        raise DataFileError(f"{name} : fichier illisible ({error}). {shape}") from error
    columns = given.get("columns") if isinstance(given, dict) else None
    sheet = given.get("sheet") if isinstance(given, dict) else None
    themed = given.get("themed", True) if isinstance(given, dict) else True
    if not (
        isinstance(columns, dict) and isinstance(sheet, str | None) and isinstance(themed, bool)
    ):
        raise DataFileError(f"{name} : ce n’est pas une table de correspondance. {shape}")
    for header, role in columns.items():
        if role is not None and role not in ROLES:
            raise DataFileError(
                f"{name} : colonne « {header} » : rôle « {role} » inconnu. "
                f"Rôles : {', '.join(ROLES)}."
            )
    sites = _sites(name, given.get("sites", False))
    return Mapping({str(header): role for header, role in columns.items()}, sheet, themed, sites)


def sites_of(given: object) -> tuple[str, ...] | None:
    """Return what makes several sites, as YAML or a store says it; None for what says nothing.

    ``false``, ``cells``, ``rows`` or a list of both.
    """
    listed = given if isinstance(given, list) else [given] if given else []
    known = all(isinstance(one, str) and one in SITES for one in listed)
    return tuple(one for one in SITES if one in listed) if known else None


def _sites(name: str, given: object) -> tuple[str, ...]:
    sites = sites_of(given)
    if sites is None:
        raise DataFileError(
            f"{name} : sites : « {str(given)[:60]} » est inconnu. Attendu : false, cells (une "
            "cellule nomme plusieurs communes), rows (plusieurs lignes d’un identifiant) ou "
            "[cells, rows]."
        )
    return sites


def check_mapping(mapping: Mapping, headers: list[str], name: str) -> None:
    """Refuse a mapping that names a column which a table does not have.

    Raises
    ------
    DataFileError
        A header is unknown.
    """
    unknown = [header for header in mapping.columns if header not in headers]
    if unknown:
        raise DataFileError(
            f"{name} : pas de colonne « {unknown[0]} », que nomme la correspondance. "
            f"Colonnes : {', '.join(headers)[:300]}."
        )


def write_mapping(
    path: Path, columns: list[Column], sheet: str | None, settled: Mapping | None = None
) -> None:
    """Write the roles of the columns of a table, to be changed by hand and read again.

    Parameters
    ----------
    path
        Where to write.
    columns, sheet
        Of the table.
    settled
        What a hand settled beside the roles.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    told = {"sheet": sheet} if sheet else {}
    told |= beside_roles(settled or Mapping())
    told |= {"columns": {column.header: column.role for column in columns}}
    said = "# rôle de chaque colonne ; vide : aucun\n"
    text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=200)
    write_whole(path, (said + text).encode())


def beside_roles(settled: Mapping) -> dict[str, Any]:
    """Return what is settled beside the roles, as plain values; nothing of what is by default."""
    said = {} if settled.themed else {"themed": False}
    return said | ({"sites": list(settled.sites)} if settled.sites else {})
