"""EPCI named without the words of their kind, and told from their homonyms."""

from villeactive.atlas import Atlas
from villeactive.kept_with import kept_with_first
from villeactive.text import fold

_KIND = frozenset(
    ("cc", "ca", "cu", "communaute", "communautes", "commune", "communes", "agglomeration")
    + ("agglo", "urbaine", "metropole", "eurometropole", "de", "du", "des", "d", "la", "le", "les")
    + ("l",)
)


def without_kind(name: str, atlas: Atlas) -> tuple[str, ...]:
    """Return the SIREN of the EPCI so named, the words of its kind apart: ``Lorient``."""
    return _index(atlas).get(_bare(name), ())


def seat(siren: str, atlas: Atlas) -> str:
    """Return the département of most of the communes of an EPCI."""
    homes = atlas.communes.loc[atlas.communes["epci"] == siren, "departement_name"]
    return str(homes.mode().iat[0])


def _bare(name: str) -> str:
    return " ".join(word for word in fold(name).split() if word not in _KIND)


@kept_with_first()
def _index(atlas: Atlas) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for siren, name in atlas.epci.items():
        names[_bare(name)] = (*names.get(_bare(name), ()), siren)
    return names
