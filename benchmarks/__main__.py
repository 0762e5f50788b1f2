"""``make bench``: every measure in one run, written to ``benchmarks/results.md``."""

import contextlib
import importlib
import io
from datetime import date
from pathlib import Path

from benchmarks import large, load, processes, returns, screen, traffic
from benchmarks.results import page

RESULTS = Path(__file__).with_name("results.md")
TABLES = (traffic, load, large, processes, returns, screen)
PRINTED = ("search", "comparable", "printed", "slides", "tables", "kills", "many")


def main() -> None:
    """Run every benchmark of this folder, the quick ones first, and write the page."""
    printed, sections, notes = {}, {}, {}
    for name in PRINTED:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            importlib.import_module(f"benchmarks.{name}").main()
        printed[name] = said.getvalue()
        print(f"## {name}\n{printed[name]}", flush=True)
    for module in TABLES:
        sections[module.TITLE], notes[module.TITLE] = module.run(), module.NOTE
        for row in sections[module.TITLE]:
            print(" | ".join(row.cells()), flush=True)
    text = page(sections, notes, day=date.today())
    for name, said in printed.items():
        text += f"\n## {name}\n\n```\n{said.rstrip()}\n```\n"
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
