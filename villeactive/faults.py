"""What is wrong with a value, in French, and how strictly one is read: pydantic in one place."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
DATE = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
URL = r"^https?://[^\s<>\"]+$"
EMAIL = r"^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
COLOUR = r"^#[0-9A-Fa-f]{6}$"
PROGRAMME = r"^[A-Z][A-Z0-9]{0,11}$"
CODE_INSEE = r"^(\d{2}|2[AB])\d{3}$"
SIREN = r"^\d{9}$"
DEPARTEMENT = r"^(\d{2}|2[AB]|97\d)$"
REGION = r"^\d{2}$"

_FORMS = {
    ID: "écrivez minuscules sans accent, chiffres et tirets : « une-fiche »",
    DATE: "écrivez une date : « 2022 », « 2022-03 » ou « 2022-03-15 »",
    URL: "écrivez une adresse entière : « https://… »",
    EMAIL: "écrivez une adresse électronique : « nom@exemple.fr »",
    COLOUR: "écrivez une couleur : « #RRVVBB », entre guillemets",
    PROGRAMME: "écrivez des majuscules sans accent et des chiffres : « PVD »",
    CODE_INSEE: "écrivez un code INSEE de cinq signes : « 01053 »",
    DEPARTEMENT: "écrivez un numéro de département : « 23 », « 2A », « 974 »",
    REGION: "écrivez un code de région de deux chiffres : « 75 », « 04 »",
    SIREN: "écrivez un SIREN de neuf chiffres : « 200071751 »",
}
"""Form → how to write it."""

_TEXT = "n’est pas un texte ; mettez-le entre guillemets"
_INTEGER = "n’est pas un nombre entier ; écrivez-le sans guillemets ni virgule"
_NUMBER = "n’est pas un nombre ; écrivez-le sans guillemets, avec un point"
_FIELDS = "n’est pas une suite de champs ; écrivez « champ: valeur », par exemple « fr: … »"

_SAID = {
    "missing": "manque ; ajoutez ce champ",
    "extra_forbidden": "champ inconnu ; corrigez son nom ou retirez-le",
    "string_type": f"{{value}} {_TEXT}",
    "string_too_short": "texte vide ; écrivez-le ou retirez le champ",
    "int_type": f"{{value}} {_INTEGER}",
    "int_from_float": f"{{value}} {_INTEGER}",
    "float_type": f"{{value}} {_NUMBER}",
    "finite_number": f"{{value}} {_NUMBER}",
    "bool_type": "{value} n’est ni oui ni non ; écrivez « true » ou « false »",
    "greater_than_equal": "{value} est trop petit ; donnez au moins {ge}",
    "greater_than": "{value} est trop petit ; donnez un nombre plus grand que {gt}",
    "less_than_equal": "{value} est trop grand ; donnez au plus {le}",
    "list_type": "{value} n’est pas une liste ; écrivez un « - » devant chaque élément",
    "too_short": "liste trop courte ; donnez au moins {min_length} élément",
    "dict_type": f"{{value}} {_FIELDS}",
    "model_type": f"{{value}} {_FIELDS}",
    "model_attributes_type": f"{{value}} {_FIELDS}",
    "recursion_loop": "la valeur se contient elle-même ; retirez l’ancre « & »",
}
"""Type of pydantic's error → what is wrong, and what to do."""

_REFUSED = "{value} n’est pas accepté ; écrivez ce champ comme dans les autres fiches"


class Model(BaseModel):
    """Common settings: unknown keys are faults, values are not coerced, instances are frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def faults_of(where: str, error: ValidationError, *, whole: str) -> list[str]:
    """Write each fault of a pydantic error as « file : field : what ».

    Parameters
    ----------
    where
        Name of the file.
    error
        What pydantic found; none of its words are kept, but for what our own checks say.
    whole
        What the file is, where no field is at fault: « fiche », « livre ».
    """
    faults = []
    for fault in error.errors():
        # pydantic adds « [key] » where the name itself is refused
        field = ".".join(str(part) for part in fault["loc"] if part != "[key]") or whole
        faults.append(f"{where} : {field} : {_said(fault)}")
    return faults


def _said(fault: Any) -> str:
    kind, context, value = fault["type"], fault.get("ctx", {}), shown(fault["input"])
    if kind == "value_error":  # raised by our own checks, in French
        return str(context["error"])
    if kind == "literal_error":
        # « 'commune', 'epci' or 'territoire' »
        known = ", ".join(re.findall(r"'([^']*)'", context["expected"]))
        return f"{value} est inconnu ; écrivez l’une de ces valeurs : {known}"
    if kind == "string_pattern_mismatch" and context["pattern"] in _FORMS:
        return f"{value} est mal écrit ; {_FORMS[context['pattern']]}"
    said = _SAID.get(kind, _REFUSED)
    known = {
        name: f"{bound:g}" for name, bound in context.items() if isinstance(bound, int | float)
    }
    return said.format(value=value, **known)


def shown(value: Any) -> str:
    """Show a value of YAML as it is written, cut; a list or fields are only named."""
    if value is None:
        return "une valeur vide"
    if isinstance(value, bool):
        return f"« {str(value).lower()} »"
    if isinstance(value, list | dict | set | tuple):
        return "cette liste" if isinstance(value, list) else "cette suite de champs"
    text = " ".join(str(value).split())
    return f"« {text if len(text) <= 60 else text[:59] + '…'} »"
