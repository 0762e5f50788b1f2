"""An object as the key of a cache."""

from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class ByIdentity(Generic[Kept]):
    """An object that ``==`` cannot compare: the same only as itself; never changed afterwards.

    Attributes
    ----------
    value
        The object: it lives as long as what was made of it is kept.
    """

    def __init__(self, value: Kept) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)
