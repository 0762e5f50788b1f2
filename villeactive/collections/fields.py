"""Fields that the models of a collection share: texts, codes, dates, addresses."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    model_validator,
)

from villeactive.errors import SheetError
from villeactive.faults import DATE, ID, URL, Model, shown
from villeactive.programmes import known_programmes
from villeactive.vocabulary import vocabulary
from villeactive.yaml_file import REPAIR, UnreadableError, load


def known_code(name: str) -> Callable[[str, ValidationInfo], str]:
    """Make a validator that refuses codes that the closed list ``name`` does not hold.

    The lists of a collection (themes, kinds) come with the validation, as its context.
    """

    def check(code: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(name)
        if known is None:
            known = known_programmes() if name == "programmes" else vocabulary().get(name, ())
        if code not in known:
            msg = f"« {code} » n’est pas dans la liste « {name} » : {', '.join(known) or 'vide'}"
            raise ValueError(msg)
        return code

    return check


def code_of(name: str) -> Any:
    """Type of a code of the closed list ``name``."""
    return Annotated[str, AfterValidator(known_code(name))]


Id = Annotated[str, Field(pattern=ID)]
IsoDate = Annotated[str, Field(pattern=DATE)]
Url = Annotated[str, Field(pattern=URL)]


class Text(Model):
    """A text in French, with room for English; a plain string is its French."""

    fr: str = Field(min_length=1)
    en: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"fr": value}
        if isinstance(value, bool | int | float | date):
            msg = f"{shown(value)} n’est pas un texte ; mettez-le entre guillemets"
            raise ValueError(msg)
        return value

    def __str__(self) -> str:
        """Give the text in the language of the interface."""
        return self.fr


def read_yaml(path: Path, *, where: str | None = None) -> Any:
    """Read one YAML file without executing anything; a key written twice is a fault.

    Parameters
    ----------
    path
        The file.
    where
        How to name it in a fault; its own name by default.

    Raises
    ------
    SheetError
        The file is missing, no regular file, or not valid YAML; the sentence names file and line.
    """
    try:
        return load(path)
    except UnreadableError as error:
        raise SheetError(
            [f"{where or path.name} : fichier illisible ({error}). {REPAIR}"]
        ) from error
