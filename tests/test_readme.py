"""README and LISEZMOI: each command that they print runs as written, each link leads somewhere."""

import json
import re
import shlex
import shutil
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from villeactive.cli import main
from villeactive.selection import Selection
from villeactive.store.location import VARIABLE
from villeactive.ui.pages.workshop_address import KEYS

ROOT = Path(__file__).resolve().parents[1]
MANUALS = ("README.md", "LISEZMOI.md")
PROGRAM = ["python", "-m", "villeactive"]
WRITTEN = {".csv", ".png", ".svg", ".pdf", ".pptx", ".html", ".parquet", ".xlsx"}


def blocks() -> list[list[str]]:
    """Return the commands of both manuals by block, each block once, their comments left out."""
    found = []
    for manual in MANUALS:
        for block in re.findall(
            r"^```sh\n(.*?)^```$",
            (ROOT / manual).read_text(encoding="utf-8"),
            re.DOTALL | re.MULTILINE,
        ):
            lines = [" ".join(line.split()) for line in block.replace("\\\n", " ").splitlines()]
            words = (shlex.split(line, comments=True) for line in lines)
            found.append([shlex.join(some) for some in words if some[:3] == PROGRAM])
    return [list(one) for one in dict.fromkeys(map(tuple, found)) if one]


def parts() -> list[list[str]]:
    """Return what runs alone, once: a line, or a block that keeps a collection and uses it."""
    found = [
        some
        for block in blocks()
        for some in ([block] if "collection import" in block[0] else [[line] for line in block])
    ]
    return list(map(list, dict.fromkeys(map(tuple, found))))


def test_both_manuals_have_commands():
    for manual in MANUALS:
        assert "python -m villeactive" in (ROOT / manual).read_text(encoding="utf-8")
    assert len(parts()) >= 10


@pytest.mark.parametrize("commands", parts(), ids=lambda commands: commands[0])
def test_each_command_of_the_manuals_runs_as_written(commands, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'collections.sqlite'}")
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "exemple-projets.csv", tmp_path / "docs")
    (tmp_path / "lieux.csv").write_text("name,departement\nLens,62\nGuéret,23\n", encoding="utf-8")
    for command in commands:
        words = shlex.split(command)

        assert main(words[3:]) == 0

        said = capsys.readouterr()
        made = [word for word in words if Path(word).suffix in WRITTEN]
        assert not said.err
        assert said.out or made
        assert all((tmp_path / name).stat().st_size > 30 for name in made)


@pytest.mark.parametrize("manual", [*MANUALS, "CONTRIBUTING.md", "geodata/README.md"])
def test_each_link_of_the_manuals_leads_to_a_file(manual):
    text = (ROOT / manual).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / manual).parent.joinpath(target).exists(), f"{manual} : {target}"


def test_the_journal_begins_with_the_version_of_the_package():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    headings = re.findall(
        r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert headings[0] == package["project"]["version"]


def test_each_key_of_the_address_is_in_the_manual():
    manual = (ROOT / "LISEZMOI.md").read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```", "", manual, flags=re.DOTALL | re.MULTILINE)
    told = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", prose))))
    keys = {field.name for field in fields(Selection)} - {"own"}  # « c.<colonne> »
    assert keys | set(KEYS) <= told


def test_the_table_explained_is_what_the_command_says(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "tableau.md").read_text(encoding="utf-8")
    main(["table", "docs/exemple-projets.csv"])
    assert capsys.readouterr().out.rstrip() in page
    assert (ROOT / "docs" / "exemple-projets.csv").read_text(encoding="utf-8").rstrip() in page
    main(["table", "docs/exemple-projets.csv", "--format", "json", "--records"])
    told = json.loads(capsys.readouterr().out)
    place, record = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.S))
    assert place in told["places"]
    assert record in told["records"]
