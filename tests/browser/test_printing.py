"""Ctrl+P: the map as it stands, the figures, the whole list, on white."""

import subprocess

from PIL import Image

from tests.browser.conftest import count_pixels, darkened, lightened, opened, still, walked_to_map
from villeactive.maps.symbols import palette

FRAME = ".st-key-carte iframe"


def printed(page, folder) -> tuple[list[Image.Image], list[str]]:
    """Print a page on A4; give its sheets as pictures and as texts."""
    made = folder / "page.pdf"
    page.emulate_media(media="null")  # printing is no screen
    page.pdf(path=str(made), format="A4")
    page.emulate_media(media="screen")
    subprocess.run(["pdftoppm", "-r", "72", "-png", str(made), str(folder / "sheet")], check=True)
    pictures = [Image.open(path).convert("RGB") for path in sorted(folder.glob("sheet-*.png"))]
    texts = subprocess.run(
        ["pdftotext", "-layout", str(made), "-"], check=True, capture_output=True, text=True
    ).stdout
    return pictures, texts.split("\f")[: len(pictures)]


def test_the_page_prints_its_map_then_figures_and_list(new_page, app, tmp_path):
    page = new_page()
    for query, head, scale in (("", "20 projets", "200 km"), ("?region=53", "Bretagne", "50 km")):
        if query:
            walked_to_map(page, f"{app}/{query}", held="53")
            still(page)
        else:
            opened(page, app)
        before = page.locator(FRAME).evaluate("(e) => [e.style.cssText, e.clientWidth]")
        folder = tmp_path / scale
        folder.mkdir()
        pictures, texts = printed(page, folder)
        first = pictures[0]
        assert head in texts[0]
        assert "Guadeloupe" in texts[0]
        assert scale in texts[0]
        assert count_pixels(first, palette().sea) > 15_000
        assert count_pixels(first, palette().land) > 15_000
        # what one clicks is not on paper, the last row of the list is
        whole = "\n".join(texts)
        assert "Cliquez" not in whole
        assert "Aller à" not in whole
        assert "Plouhinec" in whole
        after = page.locator(FRAME).evaluate("(e) => [e.style.cssText, e.clientWidth]")
        assert after == before


def test_on_a_phone_and_in_the_dark_the_map_is_whole_and_the_words_are_read(
    new_page, app, tmp_path
):
    page = new_page(width=390, height=844)
    opened(page, app)
    darkened(page)
    (first, *_), texts = printed(page, tmp_path)
    lightened(page)
    assert "20 projets" in texts[0]
    # ink on white: the title is no pale word of the dark theme
    head = first.crop((0, 0, first.width, 72))
    assert count_pixels(head, palette().paper) > 0.9 * head.width * head.height
    assert head.convert("L").getextrema()[0] < 70
