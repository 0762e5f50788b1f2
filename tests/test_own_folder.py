import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from villeactive.documents.whole_files import in_own_folder
from villeactive.errors import OutputError

WRITES = (
    "from villeactive.documents.whole_files import in_own_folder; "
    "print(in_own_folder({'a.js': 'é'}))"
)


def test_the_folder_holds_the_texts():
    folder = in_own_folder({"a.js": "1;", "b.css": "é"})
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == {
        "a.js": "1;",
        "b.css": "é",
    }


def test_the_folder_goes_with_the_program():
    said = subprocess.run(
        [sys.executable, "-c", WRITES], capture_output=True, text=True, check=True
    )
    folder = Path(said.stdout.strip())
    assert folder.name.startswith("ville-active-")
    assert not folder.exists()


def test_no_room_is_said_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(OutputError, match="TMPDIR"):
        in_own_folder({"a.js": "1;"})
