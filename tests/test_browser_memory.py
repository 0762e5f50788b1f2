import base64
import io

from PIL import Image

from villeactive.documents.logo import plain_logo
from villeactive.selection import Selection
from villeactive.ui.pages import browser_memory, workshop


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 40), "#0B6A8F").save(stream, kind)
    return stream.getvalue()


def test_what_the_browser_kept_is_checked_again():
    good = plain_logo(picture("JPEG"))
    assert browser_memory._kept_logo(base64.b64encode(good).decode()) == good
    for bad in (None, 3, "é", "AAAA", base64.b64encode(picture("GIF")).decode(), "A" * 1_000_000):
        assert browser_memory._kept_logo(bad) is None


def test_an_address_is_printed_only_when_there_is_a_public_one(monkeypatch):
    selection = Selection(region=("53",), projet="usinerie")
    monkeypatch.delenv("VILLEACTIVE_ADDRESS", raising=False)
    assert workshop.public_address(selection) is None
    monkeypatch.setenv("VILLEACTIVE_ADDRESS", "javascript:alert(1)")
    assert workshop.public_address(selection) is None
    monkeypatch.setenv("VILLEACTIVE_ADDRESS", "https://atlas.example/ville/")
    assert workshop.public_address(selection) == "https://atlas.example/ville/?region=53"
    assert workshop.public_address(Selection()) == "https://atlas.example/ville"
