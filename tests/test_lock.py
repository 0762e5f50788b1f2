"""The locked requirements: those that are pinned, and packages that match their prints."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
STALE = "requirements.lock n’est plus à jour : relancez make lock"


def pins(*names: str) -> dict[str, str]:
    """Read the pins of files: name, as an index spells it, to version."""
    lines = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names).splitlines()
    found = (re.match(r"([\w.-]+)==([^\s;\\]+)", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", pin[1]).lower(): pin[2] for pin in found if pin}


def test_the_lock_holds_what_is_pinned():
    locked, direct = pins(LOCK.name), pins("requirements.txt")
    pinned = direct | pins("constraints.txt")
    assert direct.keys() <= locked.keys(), STALE
    assert locked == {name: pinned.get(name) for name in locked}, STALE


def test_the_lock_names_no_host_and_no_folder():
    hashed = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        assert hashed.fullmatch(line) or re.fullmatch(r"[\w.-]+==[\w.]+ \\", line), line


def test_packages_match_their_prints(tmp_path):
    lines = LOCK.read_text(encoding="utf-8")
    some = [part for part in re.split(r"\n(?=\S)", lines) if part.startswith(("folium", "branca"))]
    assert len(some) == 2
    (tmp_path / "some.txt").write_text("\n".join(part.rstrip(" \\") for part in some))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    command += ["--no-compile", "--target", tmp_path / "there", "-r", tmp_path / "some.txt"]
    subprocess.run(command, check=True)
    assert (tmp_path / "there" / "folium" / "__init__.py").is_file()
