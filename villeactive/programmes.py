"""The national programmes of the atlas: what each one is, as ``geodata/programmes.yaml`` has it.

No other module names a programme: what they do follows from the fields of :class:`Programme`.
Who carries which is in the tables that :mod:`villeactive.geography.referential` reads.
"""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)

from villeactive.errors import DataFileError
from villeactive.faults import COLOUR, DATE, PROGRAMME, Model, faults_of
from villeactive.vocabulary import GEODATA, LANGUAGE
from villeactive.yaml_file import REPAIR, UnreadableError, load

NAME = "programmes.yaml"

_MOST = 31
"""Programmes that the map in the browser can tell apart: one bit each of a 32-bit integer."""


def _in_french(value: Any) -> Any:
    """Take a text out of its mapping language → text."""
    return value[LANGUAGE] if isinstance(value, dict) and set(value) == {LANGUAGE} else value


Text = Annotated[str, Field(min_length=1), BeforeValidator(_in_french)]


class Sign(Model):
    """Sign of a programme.

    ``dot`` is full; ``ring``, ``square`` and ``diamond`` are outlines; ``hatch`` fills an area.
    ``radius`` and ``width`` (of the line) are CSS pixels; radii grow so that signs nest round one
    town.
    """

    shape: Literal["dot", "ring", "square", "diamond", "hatch"]
    colour: Annotated[str, Field(pattern=COLOUR), AfterValidator(str.upper)]
    radius: float = Field(gt=0)
    width: float = Field(ge=0)


class Programme(Model):
    """A national programme.

    Attributes
    ----------
    code
        As in ``programmes.csv`` and in addresses.
    label, short, name
        What the user reads: in full, where room is scarce, and among the choices of a list
        (``name`` is the label unless given).
    says
        What one calls a commune that carries it.
    meaning
        One plain sentence.
    scope
        ``commune``: a label of the commune itself; ``territory``: of a grouping, whose communes
        are « communes of », never labelled.
    dated
        Whether its list dates each label.
    counts_from
        Of an undated list, the year from which all of it counts; None when nobody knows.
    ended
        The last year, for what is over: told with its dates, left out of what a commune carries
        today.
    default_layer
        Whether the maps draw it at first.
    sign
        On every map.
    producer, vintage
        Of its list; ``vintage`` is an ISO date, or its year or month.
    cited
        How sources cite the list; short name and year unless given.
    communes
        How many communes the list has, for ``check``; None when it does not count communes.
    phase, phase_of
        Of a territory: its phase in ``territoires_industrie.csv``, and the programme of which it
        is a former phase.
    column, heading
        In the list of towns: field for machines, heading for readers.
    """

    code: str = Field(pattern=PROGRAMME)
    label: Text
    short: Text
    name: Text
    says: Text
    meaning: Text
    scope: Literal["commune", "territory"]
    dated: bool
    counts_from: int | None = None
    ended: int | None = None
    default_layer: bool = False
    sign: Sign
    producer: Text
    vintage: str = Field(pattern=DATE)
    cited: Text
    communes: int | None = None
    phase: int | None = None
    phase_of: str | None = None
    column: str
    heading: Text

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: Any) -> Any:
        """Fill what goes without saying."""
        if not isinstance(given, dict):
            return given
        label, code = _in_french(given.get("label")), str(given.get("code", "")).lower()
        # a label that is missing is one fault, not four
        label = label if isinstance(label, str) and label else "?"
        filled = {"short": label, "name": label, "says": label} | given
        year = str(filled.get("vintage", ""))[:4]
        what, of = ("name", "") if filled.get("scope") == "territory" else ("sites", "")
        if filled.get("dated") is True:
            what, of = "since", " depuis"
        usual = {
            "cited": f"{_in_french(filled['short'])} {year}",
            "column": f"{code}_{what}",
            "heading": f"{_in_french(filled['name'])}{of}",
        }
        return usual | filled

    @model_validator(mode="after")
    def _holds(self) -> "Programme":
        """Refuse fields that contradict each other."""
        area = self.scope == "territory"
        if area != (self.phase is not None):
            msg = "« phase » va avec « scope: territory », et lui seul"
            raise ValueError(msg)
        if area != (self.sign.shape == "hatch"):
            msg = "« hatch » est le signe de « scope: territory », et de lui seul"
            raise ValueError(msg)
        return self

    @property
    def labelled(self) -> bool:
        """Whether its communes are labelled ones."""
        return self.scope == "commune"

    @property
    def told_by(self) -> str:
        """Column of the lists that tells most of it: ``since``, ``territory_name`` or ``site``."""
        if self.dated:
            return "since"
        return "site" if self.labelled else "territory_name"

    @property
    def drawn_layer(self) -> str:
        """Its layer on a drawn map."""
        return f"towns:{self.code}" if self.labelled else self.code.lower()

    @property
    def undated(self) -> bool:
        """Whether nobody knows since when it is carried."""
        return not self.dated and self.counts_from is None

    def surely_in(self, year: int, since: int | None) -> bool:
        """Tell whether a label was surely carried at the end of a year.

        Parameters
        ----------
        year
            Calendar year.
        since
            Year of the label, None when its list does not say.
        """
        begun = since if self.dated else self.counts_from
        return begun is not None and begun <= year and (self.ended is None or year <= self.ended)


@cache
def known_programmes() -> MappingProxyType[str, Programme]:
    """Give every programme, code → :class:`Programme`, in display order.

    Raises
    ------
    DataFileError
        The file is missing or not YAML, or entries have faults; all of them are named.
    """
    path = GEODATA / NAME
    try:
        entries = load(path)
    except UnreadableError as error:
        raise DataFileError(f"{NAME} : illisible ({error}). {REPAIR}") from error
    if not isinstance(entries, list) or not entries:
        raise DataFileError(f"{NAME} : une liste de programmes est attendue. {REPAIR}")
    faults, found = [], []
    for rank, entry in enumerate(entries, start=1):
        named = entry.get("code") if isinstance(entry, dict) else None
        where = f"{NAME} : {named or f'entrée {rank}'}"
        try:
            found.append(Programme.model_validate(entry))
        except ValidationError as error:
            faults += faults_of(where, error, whole="programme")
    faults = faults or _faults_together(found)
    if faults:
        raise DataFileError("\n".join(faults))
    return MappingProxyType({one.code: one for one in found})


def _faults_together(found: list[Programme]) -> list[str]:
    """Say what entries, each whole, have wrong beside each other."""
    faults = []
    codes = [one.code for one in found]
    if len(found) > _MOST:
        faults.append(f"{NAME} : {len(found)} programmes ; la carte en tient {_MOST} au plus")
    if not any(one.default_layer for one in found):
        faults.append(f"{NAME} : donnez « default_layer: true » à un programme au moins")
    for field in ("code", "label", "column", "phase"):
        values = [getattr(one, field) for one in found]
        first = [codes[values.index(value)] for value in values]
        faults += [
            f"{NAME} : {one.code} : {field} : « {value} » est déjà pris par {first[rank]}"
            for rank, (one, value) in enumerate(zip(found, values, strict=True))
            if value is not None and values.index(value) < rank
        ]
    faults += [
        f"{NAME} : {one.code} : phase_of : « {one.phase_of} » n’est le code d’aucun autre programme"
        for one in found
        if one.phase_of is not None and one.phase_of not in set(codes) - {one.code}
    ]
    return faults


def _codes(holds: Callable[[Programme], bool]) -> tuple[str, ...]:
    return tuple(code for code, one in known_programmes().items() if holds(one))


@cache
def labelled() -> tuple[str, ...]:
    """Give the codes of the programmes whose communes are labelled."""
    return _codes(lambda one: one.labelled)


@cache
def territories() -> tuple[str, ...]:
    """Give the codes of the programmes that label a grouping."""
    return _codes(lambda one: not one.labelled)


@cache
def of_today() -> tuple[str, ...]:
    """Give the codes of the programmes that are not over."""
    return _codes(lambda one: one.ended is None)


@cache
def drawn_at_first() -> tuple[str, ...]:
    """Give the codes of the programmes that every map draws at first."""
    return _codes(lambda one: one.default_layer)


@cache
def first_town_layers() -> tuple[str, ...]:
    """Give the layers of a drawn map for :func:`drawn_at_first`."""
    return tuple(known_programmes()[code].drawn_layer for code in drawn_at_first())


@cache
def foremost() -> tuple[str, ...]:
    """Give every code, what a reader meets first before: drawn at first, territories, others."""
    first = dict.fromkeys((*drawn_at_first(), *territories()))
    return (*first, *(code for code in known_programmes() if code not in first))


def in_order(codes: Collection[str]) -> tuple[str, ...]:
    """Put codes in display order, each once; unknown ones are dropped."""
    return _codes(lambda one: one.code in codes)


def short_names(codes: Iterable[str]) -> list[str]:
    """Give the short names of programmes, for lists and legends."""
    return [known_programmes()[code].short for code in codes]


def full_names(codes: Iterable[str]) -> list[str]:
    """Give the names of programmes in full."""
    return [known_programmes()[code].label for code in codes]


def head(code: str) -> Programme:
    """Give a programme, or the one of which it is a former phase."""
    one = known_programmes()[code]
    return known_programmes()[one.phase_of or code]


def producers() -> tuple[str, ...]:
    """Give who makes the lists, each once."""
    return tuple(lists_by_producer())


def lists_by_producer() -> dict[str, list[str]]:
    """Give how lists are cited, by producer; a former phase goes with the present one."""
    found: dict[str, list[str]] = {}
    for one in map(known_programmes().get, foremost()):
        if one.phase_of is None:
            found.setdefault(one.producer, []).append(one.cited)
    return found
