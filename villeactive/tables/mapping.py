"""Roles of columns settled by hand: a YAML file, by header."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from villeactive.documents.whole_files import write_whole
from villeactive.errors import DataFileError
from villeactive.tables.columns import Column
from villeactive.tables.roles import ROLES
from villeactive.yaml_file import UnreadableError, load


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
    """

    columns: dict[str, str | None] = field(default_factory=dict)
    sheet: str | None = None
    themed: bool = True


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
    return Mapping({str(header): role for header, role in columns.items()}, sheet, themed)


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
    path: Path, columns: list[Column], sheet: str | None, *, themed: bool = True
) -> None:
    """Write the roles of the columns of a table, to be changed by hand and read again.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    told = {"sheet": sheet} if sheet else {}
    told |= {} if themed else {"themed": False}
    told |= {"columns": {column.header: column.role for column in columns}}
    said = "# rôle de chaque colonne ; vide : aucun\n"
    text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=200)
    write_whole(path, (said + text).encode())
