"""A logo is made a small plain PNG, or refused in one French sentence."""

import io
import os
import random
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from villeactive.cli import main
from villeactive.documents.logo import LOGO_BYTES, plain_logo, read_logo
from villeactive.errors import DataFileError

ROOT = Path(__file__).resolve().parents[1]

BLUE, RED = (11, 106, 143), (200, 30, 30)


def saved(image: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def picture(kind: str, size: tuple[int, int] = (40, 40)) -> bytes:
    return saved(Image.new("RGB", size, BLUE), kind)


def png(width: int, height: int, *parts: bytes, depth: int = 8, colours: int = 2) -> bytes:
    """Write a PNG by hand, so that it may claim anything."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    chunks = (
        struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p))
        for p in (head, *parts, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def pixels(data: bytes) -> bytes:
    return b"IDAT" + zlib.compress(data)


def chunks_of(data: bytes) -> set[bytes]:
    """Give the names of the chunks of a PNG, and check that nothing follows the last."""
    names, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        names.append(data[at + 4 : at + 8])
        at += length + 12
    assert names[-1] == b"IEND"
    return set(names)


def two_halves() -> Image.Image:
    """Give a picture, blue on the left, red on the right."""
    image = Image.new("RGB", (64, 32), BLUE)
    image.paste(RED, (32, 0, 64, 32))
    return image


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(plain_logo(data)), formats=("PNG",))


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


WHOLE = {
    "PNG": picture("PNG"),
    "JPEG": picture("JPEG"),
    "bytes after a PNG": picture("PNG") + b"<script>alert(1)</script>" * 50,
    "bytes after a JPEG": picture("JPEG") + b"PK\x03\x04" * 50,
    "MPO": saved(
        Image.new("RGB", (40, 40), BLUE), "MPO", save_all=True,
        append_images=[Image.new("RGB", (40, 40), RED)],
    ),
    "animated": saved(
        Image.new("RGB", (40, 40), BLUE), "PNG", save_all=True,
        append_images=[Image.new("RGB", (40, 40), RED)],
    ),
    "palette": saved(Image.new("RGB", (40, 40), BLUE).quantize(4), "PNG"),
    "CMYK": saved(Image.new("RGB", (40, 40), BLUE).convert("CMYK"), "JPEG"),
}  # fmt: skip


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_a_picture_is_made_a_plain_png(data):
    made = plain_logo(data)
    assert chunks_of(made) == {b"IHDR", b"IDAT", b"IEND"}
    assert plain_logo(data) == plain_logo(made) == made
    with opened(data) as image:
        assert (image.mode, image.size) == ("RGB", (40, 40))
        assert near(image.getpixel((20, 20)), BLUE)


def test_words_and_places_in_a_picture_are_left_out():
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Jeanne Martin")
    exif = Image.Exif()
    exif[0x013B] = "Jeanne Martin"
    for kind, said in (
        ("PNG", {"pnginfo": note}),
        ("PNG", {"exif": exif}),
        ("JPEG", {"exif": exif}),
    ):
        data = saved(two_halves(), kind, **said)
        assert b"Jeanne" in data
        assert b"Jeanne" not in plain_logo(data)


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (64, 32), BLUE), (3, (64, 32), RED), (6, (32, 64), BLUE), (8, (32, 64), RED)],
)
def test_a_picture_stands_as_its_camera_was_held(orientation, size, corner):
    exif = Image.Exif()
    exif[0x0112] = orientation
    with opened(saved(two_halves(), "JPEG", exif=exif)) as image:
        assert image.size == size
        assert near(image.getpixel((4, 4)), corner)
        assert not image.getexif()


def test_a_broken_note_of_the_camera_spoils_no_picture_and_says_nothing(tmp_path):
    data = png(1, 1, b"eXIf" + b"II*\0" + b"\xff" * 20, pixels(b"\0\1\2\3"))
    with opened(data) as image:
        assert image.getpixel((0, 0)) == (1, 2, 3)
    (tmp_path / "logo.png").write_bytes(data)
    read = "from villeactive.documents.logo import *; read_logo(Path(__import__('sys').argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", read, tmp_path / "logo.png"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""


def test_what_shows_through_still_does():
    data = saved(Image.new("RGBA", (10, 10), (*BLUE, 60)), "PNG")
    with opened(data) as image:
        assert image.getpixel((0, 0)) == (*BLUE, 60)
    with opened(png(2, 1, b"tRNS\0\5", pixels(b"\0\5\6"), colours=0)) as image:
        assert [image.getpixel((x, 0))[3] for x in (0, 1)] == [0, 255]


def test_sixteen_bits_of_grey_stay_grey():
    row = b"\0" + struct.pack(">HHH", 0, 0x8000, 0xFFFF)
    with opened(png(3, 1, pixels(row), depth=16, colours=0)) as image:
        assert [image.getpixel((x, 0))[0] for x in (0, 1, 2)] == [0, 128, 255]


def test_a_picture_that_weighs_more_once_plain_is_made_smaller():
    chance = random.Random(20261128)
    noise = Image.frombytes("RGB", (900, 600), chance.randbytes(900 * 600 * 3))
    data = saved(noise, "JPEG", quality=30)
    assert len(data) <= LOGO_BYTES
    assert len(plain_logo(data)) <= LOGO_BYTES
    with opened(data) as image:
        assert image.width / image.height == pytest.approx(1.5, abs=0.02)
        assert image.width > 200


REFUSED = [
    (b"", "illisible"),
    (b"<svg onload='alert(1)'/>", "illisible"),
    (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "illisible"),
    (b"\xff\xd8\xff\xe0" + b"0" * 40, "illisible"),
    (picture("PNG")[:60], "illisible"),
    (saved(two_halves(), "JPEG")[:-60], "illisible"),
    (picture("GIF"), "illisible"),
    (picture("TIFF"), "illisible"),
    (png(4, 4, pixels(b"\0\0\1\2\3" * 4), colours=3), "illisible"),  # no PLTE
    (png(4, 4), "illisible"),
    (png(0, 4, pixels(b"")), "illisible"),
    (png(4, 4, b"IDAT" + b"no zlib"), "illisible"),
    (b"\x89PNG\r\n\x1a\n" + b"0" * 400_000, "trop lourd"),
    (picture("PNG", (2_100, 2_100)), "trop grand : 2 100 × 2 100 pixels"),
    (png(30_000, 30_000, pixels(b"")), "trop grand : 30 000 × 30 000 pixels"),
    (png(10_000, 10_000, pixels(b"")), "trop grand"),
    (png(4_000_000, 1, pixels(b"")), "trop grand"),
    (png(1, 4_000_000, pixels(b"")), "trop grand"),
]


@pytest.mark.parametrize(("data", "said"), REFUSED)
def test_what_is_no_logo_says_why_and_what_to_do(data, said):
    with warnings.catch_warnings(), pytest.raises(DataFileError) as stop:
        warnings.simplefilter("error")
        plain_logo(data)
    sentence = str(stop.value).replace("\u00a0", " ")
    assert sentence.startswith(f"Logo {said}")
    assert sentence.endswith(("entière.", "plus petit.", "Réduisez-le."))
    assert "\n" not in sentence


def test_bytes_changed_at_random_are_a_logo_or_a_sentence():
    seed = 20261128
    chance = random.Random(seed)
    sources = list(WHOLE.values())
    for _ in range(600):
        data = bytearray(chance.choice(sources))
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            made = plain_logo(bytes(data))
        except DataFileError:
            continue
        assert chunks_of(made) == {b"IHDR", b"IDAT", b"IEND"}, f"seed {seed}"


def test_a_logo_that_is_no_file_is_told(tmp_path):
    os.mkfifo(tmp_path / "tube.png")
    (tmp_path / "texte.png").write_text("bonjour")
    for name, said in (
        ("absent.png", "n’existe pas"), ("tube.png", "pas un fichier"), (".", "pas un fichier"),
        ("texte.png", "texte.png : Logo illisible"),
    ):  # fmt: skip
        with pytest.raises(DataFileError, match=said):
            read_logo(tmp_path / name)


@pytest.mark.parametrize("words", [("map", "carte.pptx"), ("deck", "diapos.pptx")])
def test_the_command_line_puts_a_logo(tmp_path, monkeypatch, capsys, words):
    from pptx import Presentation

    monkeypatch.chdir(tmp_path)
    (tmp_path / "logo.jpg").write_bytes(WHOLE["MPO"])
    command, target = words
    assert main([command, target, "--region", "Bretagne", "--logo", "logo.jpg"]) == 0
    shapes = Presentation(tmp_path / target).slides[-1].shapes
    (logo,) = [shape for shape in shapes if shape.shape_type == 13]
    assert logo.image.content_type == "image/png"
    assert logo.image.blob == plain_logo(WHOLE["MPO"])
    capsys.readouterr()
    (tmp_path / "logo.jpg").write_bytes(png(30_000, 30_000, pixels(b"")))
    assert main([command, "autre.pptx", "--logo", "logo.jpg"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("villeactive : logo.jpg : Logo trop grand")
    assert said.count("\n") == 1
    assert not (tmp_path / "autre.pptx").exists()
