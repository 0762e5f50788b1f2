"""The shipped atlas, read once for all tests of a process."""

from functools import cache

from villeactive.atlas import Atlas
from villeactive.atlas import read_atlas as read
from villeactive.collections.folder import Folder
from villeactive.collections.stores import SHIPPED, read_folders
from villeactive.maps import symbols


@cache
def folder() -> Folder:
    """The collection of the book."""
    (found,) = read_folders(sorted(SHIPPED.iterdir()))
    return found


def read_atlas() -> Atlas:
    return read(sorted(path for path in SHIPPED.iterdir() if path.is_dir()))


def sign(theme: str | None, *, dark: bool = False) -> symbols.Symbol:
    """The sign of a theme of the book, by its code."""
    return symbols.theme_symbol(read_atlas().themes.get(theme or ""), dark=dark)


def signs(*, dark: bool = False) -> dict[str, symbols.Symbol]:
    return {code: sign(code, dark=dark) for code in read_atlas().themes}
