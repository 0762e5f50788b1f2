import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from villeactive.selection import Selection
from villeactive.ui import memory, workshop


def picture(kind: str, side: int = 40) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (side, side), "#0B6A8F").save(stream, kind)
    return stream.getvalue()


def claims(width: int, height: int) -> bytes:
    """Give a PNG of a few bytes that claims a size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (head, b"IDAT" + zlib.compress(b""), b"IEND")
    chunks = (struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_a_logo(kind):
    assert memory.fault_of(picture(kind)) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "illisible"),
        (b"<svg onload='alert(1)'/>", "illisible"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "illisible"),
        (picture("PNG")[:60], "illisible"),
        (picture("GIF"), "illisible"),
        (b"\x89PNG" + b"0" * 400_000, "trop lourd"),
        (picture("PNG", side=2_100), "trop grand"),
        (claims(30_000, 30_000), "trop grand"),
        (claims(4_000_000, 1), "trop grand"),
    ],
)
def test_what_is_no_logo_says_why(data, said):
    assert said in memory.fault_of(data)


def test_what_the_browser_kept_is_checked_again():
    good = picture("PNG")
    assert memory._kept_logo(base64.b64encode(good).decode()) == good
    for bad in (None, 3, "é", "AAAA", "A" * 1_000_000):
        assert memory._kept_logo(bad) is None


def test_an_address_is_printed_only_when_there_is_a_public_one(monkeypatch):
    selection = Selection(region=("53",), projet="usinerie")
    monkeypatch.delenv("VILLEACTIVE_ADDRESS", raising=False)
    assert workshop.public_address(selection) is None
    monkeypatch.setenv("VILLEACTIVE_ADDRESS", "javascript:alert(1)")
    assert workshop.public_address(selection) is None
    monkeypatch.setenv("VILLEACTIVE_ADDRESS", "https://atlas.example/ville/")
    assert workshop.public_address(selection) == "https://atlas.example/ville/?region=53"
    assert workshop.public_address(Selection()) == "https://atlas.example/ville"
