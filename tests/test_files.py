import os
from pathlib import Path

import pytest

from villeactive.documents.whole_files import write_whole
from villeactive.errors import OutputError


def test_a_new_file_is_read_by_all(tmp_path):
    write_whole(tmp_path / "a.csv", b"new")
    assert (tmp_path / "a.csv").read_bytes() == b"new"
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_the_rights_of_a_file_are_kept(tmp_path, mode):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_one_and_its_file_is_written(tmp_path, there):
    (tmp_path / "far").mkdir()
    if there:
        (tmp_path / "far" / "a.csv").write_bytes(b"old")
    link = tmp_path / "a.csv"
    link.symlink_to(Path("far") / "a.csv")
    write_whole(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "far" / "a.csv").read_bytes() == b"new"


def pipe(path: Path) -> Path:
    os.mkfifo(path / "pipe")
    return path / "pipe"


def loop(path: Path) -> Path:
    (path / "loop").symlink_to("loop")
    return path / "loop"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: Path(os.devnull), "fichier ordinaire"),
        (pipe, "fichier ordinaire"),
        (lambda path: path, "dossier"),
        (lambda _: Path(), "dossier"),
    ],
    ids=["device", "pipe", "folder", "here"],
)
def test_what_is_no_regular_file_is_refused_and_stays(tmp_path, make, said):
    target = make(tmp_path)
    before = target.stat()
    left = sorted(target.absolute().parent.iterdir()) if target.name == "pipe" else None
    with pytest.raises(OutputError, match=said):
        write_whole(target, b"new")
    assert (target.stat().st_ino, target.stat().st_mode) == (before.st_ino, before.st_mode)
    if left is not None:
        assert sorted(target.parent.iterdir()) == left


def test_a_loop_of_links_is_refused(tmp_path):
    link = loop(tmp_path)
    with pytest.raises(OutputError, match="rond"):
        write_whole(link, b"new")
    assert link.is_symlink()
    assert list(tmp_path.iterdir()) == [link]
