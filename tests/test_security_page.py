"""docs/security.md: each refusal that it tells is held by a test that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_each_test_that_the_page_names_is_there():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)\(", code, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 20
    assert named <= there


def test_each_row_names_its_test():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for part in page.split("\n## ")[2:-1]:
        for row in part.splitlines():
            if row.startswith("| ") and not row.startswith(("| Contre", "|---")):
                assert "`test_" in row, row
