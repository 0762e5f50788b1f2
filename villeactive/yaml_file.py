"""A YAML file → its values, without executing anything; what is wrong is said in French."""

import errno
import os
from pathlib import Path
from typing import Any

import yaml

from villeactive.errors import reason

REPAIR = "Corrigez-le ou rétablissez-le."

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, eight times faster, where there is one."""


class UnreadableError(ValueError):
    """A file cannot be read as YAML; its words are the reason, in French."""


class _UniqueKeyLoader(_SafeLoader):
    """A safe loader that refuses a key written twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            msg = f"clé écrite deux fois : {', '.join(sorted(twice))}"
            raise yaml.constructor.ConstructorError(None, None, msg, node.start_mark)
        return super().construct_mapping(node, deep=deep)


def load(path: Path) -> Any:
    """Read one YAML file; a pipe or a device is refused, never waited for.

    Raises
    ------
    UnreadableError
        The file is missing, no regular file, or not valid YAML; a key is written twice.
    """
    try:
        if path.exists() and not path.is_file():
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)
    except OSError as error:
        raise UnreadableError(reason(error)) from error
    except UnicodeDecodeError as error:
        raise UnreadableError("le texte n’est pas en UTF-8") from error
    except RecursionError as error:
        raise UnreadableError("trop de niveaux les uns dans les autres") from error
    except yaml.YAMLError as error:
        raise UnreadableError(_said(error)) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # what PyYAML raises on « 2022-13-45 » or « !!int deux »
        raise UnreadableError("une date ou un nombre impossible") from error


def _said(error: yaml.YAMLError) -> str:
    """Say what is wrong and where; the parser's own words are in English."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or ""
    if isinstance(error, yaml.reader.ReaderError):
        said = "un caractère de contrôle est dans le texte"
    own = said if said.startswith(("clé", "un caractère")) else "YAML mal écrit"
    return f"{own}, ligne {mark.line + 1}" if mark else own
