import io
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from maps_cases import corners, scene, scene_of, shared
from PIL import Image

from tests.shipped import read_atlas
from villeactive.documents.map_files import map_scene
from villeactive.errors import UnknownValueError
from villeactive.maps.render.png_pdf import to_pdf, to_png, to_svg
from villeactive.maps.scene.spec import LAYERS, MapSpec
from villeactive.selection import Selection
from villeactive.text import NARROW

SVG = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"


def tool(name, *arguments, data):
    if not shutil.which(name):
        pytest.fail(f"{name} manque : installez le paquet Debian poppler-utils")
    return subprocess.run([name, *arguments], input=data, capture_output=True, check=True).stdout


def rgb(colour):
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize(("dpi", "size"), [(96, (1280, 720)), (300, (4000, 2250))])
def test_png_has_the_size_asked(dpi, size):
    image = Image.open(io.BytesIO(to_png(scene("livre"), dpi=dpi)))
    assert image.size == size
    assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


@pytest.mark.parametrize(("layout", "dpi"), [("slide", 110), ("a4", 110)])
def test_no_row_of_a_png_is_lost(layout, dpi):
    layers = ("towns:ACV", "towns:PVD", "share:departement")  # no small sign
    found = map_scene(Selection(), read_atlas(), MapSpec(layout=layout, layers=layers))

    def grey(at, size=None):
        image = Image.open(io.BytesIO(to_png(found, dpi=at))).convert("L")
        return np.asarray(image.resize(size, Image.Resampling.BOX) if size else image, dtype=float)

    seen = grey(dpi)
    # where one is dropped, or squeezed in, half the picture is a pixel beside its place
    assert np.abs(seen - grey(4 * dpi, seen.shape[::-1])).mean() < 0.6


# the crowded map has names and numbers on this page
CROWDED = ("PVD Bretagne", "a4")


@pytest.mark.parametrize(("name", "layout"), [("livre", "slide"), ("La Réunion", "slide"), CROWDED])
def test_png_has_pixels_where_symbols_must_be(name, layout):
    found = scene(name, layout=layout)
    pixels = np.asarray(Image.open(io.BytesIO(to_png(found, dpi=192))).convert("RGB"), dtype=int)
    factor = 192 / 72
    boxes = [label.text.box for label in found.labels()]
    hidden = 0
    for symbol in found.symbols():
        under = any(
            b.left < symbol.x < b.right and b.top < symbol.y < b.bottom for b in boxes
        )  # fmt: skip
        if symbol.role == "town" and under:
            hidden += 1
            continue
        top = symbol.signs[-1]
        wanted = np.array(rgb(top.style.fill or top.style.stroke))
        reach = int(np.ceil(symbol.radius * factor)) + 2
        x, y = round(symbol.x * factor), round(symbol.y * factor)
        around = pixels[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
        gap = np.abs(around - wanted).max(axis=-1).min()
        assert gap < 60, symbol.name
    # of 1 646 quiet dots, the name of a project covers one or two rather than become a number
    assert hidden <= 32


def test_png_tells_title_source_and_date():
    info = Image.open(io.BytesIO(to_png(scene("livre"), dpi=96))).text
    assert info["Title"] == "La ville active"
    assert "Licence Ouverte 2.0" in info["Source"]
    assert info["Creation Time"] == "2026-11-23"


@pytest.mark.parametrize("dpi", [95, 601])
def test_png_refuses_other_resolutions(dpi):
    with pytest.raises(UnknownValueError, match="Résolution"):
        to_png(scene("livre"), dpi=dpi)


def test_svg_has_named_layers_and_real_text():
    root = ElementTree.fromstring(to_svg(scene("livre")))
    groups = [g for g in root if g.get(f"{INKSCAPE}groupmode") == "layer"]
    assert {g.get("id"): g.get(f"{INKSCAPE}label") for g in groups} == LAYERS
    texts = ["".join(t.itertext()) for t in root.iter(f"{SVG}text")]
    assert "La ville active" in texts
    assert f"1{NARROW}646 communes, noms omis à cette échelle" in texts


@pytest.mark.parametrize(
    ("name", "layout"),
    [("livre", "slide"), CROWDED, ("La Réunion", "slide"), ("un projet", "slide")],
)
def test_svg_draws_the_symbols_selected(name, layout):
    found = scene(name, layout=layout)
    root = ElementTree.fromstring(to_svg(found))
    drawn = [
        g.get("data-id") for g in root.iter(f"{SVG}g")
        if re.match(r"symbol (project|mention|town)", g.get("class") or "")
    ]  # fmt: skip
    assert sorted(drawn) == sorted(s.id for s in found.symbols())
    boxes = [g.get("data-box").split() for g in root.iter(f"{SVG}g") if g.get("data-box")]
    assert not shared(np.array(boxes, dtype=float).reshape(-1, 4))
    assert len(boxes) == len(corners([la.text.box for la in found.labels()]))


def test_svg_draws_halos_under_letters_of_their_own():
    root = ElementTree.fromstring(to_svg(scene("livre")))
    for text in root.iter(f"{SVG}text"):
        assert text.get("paint-order") is None
        assert text.get("stroke") is None or text.get("stroke") == text.get("fill")
    label = next(g for g in root.iter(f"{SVG}g") if g.get("class") == "label")
    halo, name = label.iter(f"{SVG}text")
    assert halo.text == name.text
    assert (halo.get("aria-hidden"), name.get("aria-hidden")) == ("true", None)


def test_svg_carries_its_font_and_counts_follow_their_names_in_any_font():
    root = ElementTree.fromstring(to_svg(scene("livre")))
    style = next(root.iter(f"{SVG}style")).text
    assert style.count("@font-face") == 2
    assert "url(data:font/woff;base64," in style
    rows = ["".join(t.itertext()) for t in root.iter(f"{SVG}text")]
    assert "Action cœur de ville245 communes" in rows
    row = next(t for t in root.iter(f"{SVG}text") if (t.text or "").startswith("Action cœur"))
    count = row.find(f"{SVG}tspan")
    assert (count.get("x"), count.text) == (None, "245 communes")
    assert float(count.get("dx")) > 4


def test_svg_escapes_what_users_write():
    root = ElementTree.fromstring(to_svg(scene_of(Selection(), title='<b>"Nous" & vous</b>')))
    assert root.find(f"{SVG}title").text == '<b>"Nous" & vous</b>'


@pytest.mark.parametrize("layout", ["slide", "a4", "a4-landscape"])
def test_pdf_through_other_tools(layout):
    pdf = to_pdf(scene("livre", layout=layout))
    text = tool("pdftotext", "-layout", "-", "-", data=pdf).decode()
    for said in ("La ville active", "20 projets, 24 villes", "Strasbourg", "Licence Ouverte 2.0"):
        assert said in text
    fonts = tool("pdffonts", "-", data=pdf).decode().splitlines()[2:]
    assert fonts
    assert all("SourceSansPro" in line and line.split()[-5] == "yes" for line in fonts)
    information = tool("pdfinfo", "-", data=pdf).decode()
    assert re.search(r"Title:\s+La ville active", information)
    assert re.search(r"Tagged:\s+yes", information)
    assert re.search(r"Pages:\s+1", information)
    assert b"/Lang" in pdf


def test_pdf_draws_what_the_png_draws():
    found = scene("livre")
    drawn = tool("pdftoppm", "-r", "96", "-png", "-", data=to_pdf(found))
    other = np.asarray(Image.open(io.BytesIO(drawn)).convert("L"), dtype=float)
    png = np.asarray(Image.open(io.BytesIO(to_png(found, dpi=96))).convert("L"), dtype=float)
    assert other.shape == png.shape
    assert np.abs(other - png).mean() < 4


def test_pdf_takes_any_title():
    pdf = to_pdf(scene_of(Selection(), title='#let "x" $a$ \\ [b] *c*', layers=("projects",)))
    said = " ".join(tool("pdftotext", "-", "-", data=pdf).decode().split())
    assert '#let "x" $a$ \\ [b] *c*' in said


@pytest.mark.parametrize("style", ["light", "mono"])
def test_same_inputs_same_bytes(style):
    one, other = (scene_of(Selection(region=("53",)), style=style) for _ in range(2))
    assert to_svg(one) == to_svg(other)
    assert to_png(one, dpi=96) == to_png(other, dpi=96)
    assert to_pdf(one) == to_pdf(other)


@pytest.mark.parametrize("layout", ["slide", "a4", "a4-landscape"])
def test_mono_png_is_grey(layout):
    png = to_png(scene_of(Selection(), layers=("projects", "ti"), style="mono", layout=layout),
                 dpi=96)  # fmt: skip
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    assert (pixels.max(axis=-1) - pixels.min(axis=-1)).max() <= 2


def test_logo_of_ones_own_is_drawn():
    image = Image.new("RGB", (90, 32), (200, 0, 0))
    stored = io.BytesIO()
    image.save(stored, "png")
    found = scene_of(Selection(), layers=("projects",), logo=stored.getvalue())
    box = next(i.box for i in found.layer("titre") if type(i).__name__ == "Picture")
    pixels = np.asarray(Image.open(io.BytesIO(to_png(found, dpi=96))).convert("RGB"))
    x, y = (round(v * 96 / 72) for v in box.centre)
    assert tuple(pixels[y, x]) == (200, 0, 0)


def test_empty_selection_gives_every_file():
    found = scene_of(Selection(text="zzzz"), layers=("projects",))
    assert to_svg(found)
    assert to_png(found, dpi=96).startswith(b"\x89PNG")
    assert to_pdf(found).startswith(b"%PDF")


def test_no_pyplot():
    code = (
        "import sys; import villeactive.maps.scene.compose, villeactive.maps.render.png_pdf; "
        "sys.exit('matplotlib.pyplot' in sys.modules or 'streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
