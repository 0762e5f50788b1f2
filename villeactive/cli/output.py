"""How the command line prints: JSON and aligned tables."""

import json
from collections.abc import Iterable
from typing import Any

import pandas as pd


def print_json(value: Any) -> None:
    """Print JSON in UTF-8, accents as they are."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))


def print_json_list(values: Iterable[Any]) -> None:
    """Print a list as :func:`print_json` does, one value at a time: thousands are never held."""
    opened = "["
    for value in values:
        told = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)
        # line ends inside a text are written otherwise
        print(opened, "  " + told.replace("\n", "\n  "), sep="\n", end="")
        opened = ","
    print("[]" if opened == "[" else "\n]")


def print_table(table: pd.DataFrame, closing: str) -> None:
    """Print aligned columns, cut at 44 characters, the last one whole, and a closing line."""
    if len(table):
        shown = table.astype(str)
        cut = shown.iloc[:, :-1].map(lambda text: text if len(text) <= 44 else text[:43] + "…")
        shown = cut.join(shown.iloc[:, -1:])
        widths = [max(len(c), *(len(v) for v in shown[c])) for c in shown.columns]
        for row in [list(shown.columns), *shown.to_numpy().tolist()]:
            print("  ".join(v.ljust(w) for v, w in zip(row, widths, strict=True)).rstrip())
        print()
    print(closing)
