"""Names of places on the map in Chromium: which at which zoom, and never over one another."""

import itertools

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import darkened, map_frame, painted, settled, walked_to_map
from villeactive.maps import symbols

pytestmark = pytest.mark.browser
ON_THE_WIRE = 30_000
"""Most bytes that the names of the first sight may cost, compressed."""

REGIONS, DEPARTEMENTS, TOWNS = "46.6,2.4,5.6", "46.6,2.4,7", "46.6,2.4,8.4"
LENS = "50.43,2.83,11"

OBSTACLES = """() => {
    const { map } = VilleActive;
    const frame = map.getContainer().getBoundingClientRect();
    const signs = ".va-site svg, .va-circle .va-disc, .va-circle .va-number, .va-box, .va-inset";
    const boxes = [...document.querySelectorAll(signs)].map((e) => e.getBoundingClientRect())
        .filter(({ width }) => width)
        .map((r) => [r.left - frame.left, r.top - frame.top,
                     r.right - frame.left, r.bottom - frame.top]);
    const dots = VilleActive.shownTowns().map(({ latlng }) => map.latLngToContainerPoint(latlng))
        .map(({ x, y }) => [x - 2, y - 2, x + 2, y + 2]);
    return [boxes, dots];
}"""
"""What stands on the map, px of its frame: symbols, circles, controls; signs of towns."""


def meet(one: list[float], other: list[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def written(frame: Frame, levels: str) -> list[dict]:
    """Wait until the map names these levels; give its names, once nothing is asked for."""
    frame.wait_for_selector(f"#map_div[data-names='{levels}']", state="attached")
    painted(frame)
    return frame.evaluate("VilleActive.names()")


def level(names: list[dict], wanted: str) -> set[str]:
    return {one["name"] for one in names if one["level"] == wanted}


def apart(frame: Frame, names: list[dict]) -> None:
    """Hold that no name meets another, a symbol or a control, nor the edge of the frame.

    Those of places meet no town either.
    """
    boxes, dots = frame.evaluate(OBSTACLES)
    wide, high = frame.evaluate("Object.values(VilleActive.map.getSize())")
    for one in names:
        left, top, right, bottom = one["box"]
        inside = left >= 0 and top >= 0 and right <= wide and bottom <= high
        assert inside or right <= 0 or bottom <= 0 or left >= wide or top >= high, one
    for one, other in itertools.combinations(names, 2):
        assert not meet(one["box"], other["box"]), (one, other)
    for one in names:
        place = one["level"] in {"towns", "communes"}
        for box in (*boxes, *(dots if place else ())):
            assert not meet(one["box"], box), (one, box)


def opened(page: Page, address: str) -> Frame:
    page.goto(address)
    frame = map_frame(page)
    settled(page)
    return frame


def test_no_name_is_cut_by_the_edge_of_a_phone(new_page, app):
    frame = opened(new_page(width=390, height=844), f"{app}/?region=04")
    names = written(frame, "towns")
    apart(frame, names)
    assert {"Saint-Denis", "Saint-Philippe", "Sainte-Rose"} <= level(names, "towns")


def turn(frame: Frame, view: str) -> None:
    lat, lon, zoom = map(float, view.split(","))
    frame.evaluate("([p, z]) => { VilleActive.map.setView(p, z); }", [[lat, lon], zoom])


def test_names_follow_the_zoom_meet_nothing_and_are_inside_a_territory(browser_page, app):
    address = f"{app}/?layers=projects,ACV&view={REGIONS}"
    for group, least in (("", 7), ("projects:regions", 2)):
        if group:
            frame = walked_to_map(browser_page, f"{address}&group=projects")
            turn(frame, REGIONS)
            frame.locator(f"#map_div[data-group='{group}']").wait_for(state="attached")
        else:
            frame = opened(browser_page, address)
        names = written(frame, "regions")
        assert "Grand Est" in level(names, "regions")
        assert len(names) > least
        apart(frame, names)
        for view, levels in ((DEPARTEMENTS, "departements"), (TOWNS, "towns,departements")):
            turn(frame, view)
            names = written(frame, levels)
            assert "Cher" in level(names, "departements")
            apart(frame, names)
        assert {"Bourges", "Moulins", "Châteauroux"} <= level(names, "towns")
    frame = walked_to_map(browser_page, f"{app}/?region=53", held="53")
    names = written(frame, "towns,departements")
    assert {"Finistère", "Morbihan"} <= level(names, "departements")
    assert {"Brest", "Lorient", "Vannes", "Redon"} <= level(names, "towns")
    assert not {"Nantes", "Laval", "Saint-Nazaire"} & level(names, "towns")
    apart(frame, names)


def test_communes_come_when_one_is_near_and_no_other_host_is_asked(browser_page, app):
    asked = []
    browser_page.on("request", lambda request: asked.append(request.url))
    frame = opened(browser_page, f"{app}/?view={LENS}")
    frame.wait_for_function(
        "() => VilleActive.names().some(({ name }) => name === 'Loos-en-Gohelle')"
    )
    names = written(frame, "towns,communes")
    assert {"Lens", "Liévin"} <= level(names, "towns")
    assert len(level(names, "communes")) > 30
    apart(frame, names)
    assert any(url.endswith("/names/62.json") for url in asked)
    assert not any(url.endswith("/names/29.json") for url in asked)
    assert all(url.startswith((app, "blob:", "data:", "ws:")) for url in asked)


def test_the_names_of_the_first_sight_weigh_little_on_the_wire(browser, app):
    with browser.new_context() as context:  # a browser that has kept nothing
        page = context.new_page()
        came = []
        page.on("requestfinished", lambda request: came.append(request))  # noqa: PLW0108
        written(opened(page, app), "regions")
        files = [one for one in came if "/divisions.json" in one.url or "/names/" in one.url]
        assert len(files) == 1
        (names,) = files
        assert names.response().header_value("content-encoding") == "gzip"
        assert 0 < int(names.sizes()["responseBodySize"]) <= ON_THE_WIRE


def test_names_are_left_out_on_wish_and_it_is_kept(browser_page, app):
    frame = opened(browser_page, app)
    written(frame, "regions")
    choice = frame.get_by_role("switch", name="Noms de lieux")
    expect(choice).to_be_checked()
    try:
        choice.click()
        assert written(frame, "") == []
        frame = opened(browser_page, app)
        choice = frame.get_by_role("switch", name="Noms de lieux")
        expect(choice).not_to_be_checked()
        assert written(frame, "") == []
        choice.press("Space")
        assert written(frame, "regions")
    finally:
        frame.evaluate("localStorage.removeItem('villeactive-noms')")


INKS = """() => {
    const canvas = document.querySelector(".leaflet-noms-pane[aria-hidden=true] canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] === 255) seen.add([data[i], data[i + 1], data[i + 2]].join());
    }
    return [...seen];
}"""


def channels(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))


WRITINGS = """() => {
    const canvas = document.querySelector(".leaflet-noms-pane canvas");
    const { clearRect } = CanvasRenderingContext2D.prototype;
    window.writings = 0;
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
        window.writings += this.canvas === canvas;
        return clearRect.apply(this, box);
    };
}"""
"""Count how often the names are written anew."""


def test_names_that_stay_are_not_written_again_nor_those_asked_for_of_a_map_that_goes(
    browser_page, app
):
    frame = opened(browser_page, f"{app}/?view={REGIONS}")
    before = written(frame, "regions")
    frame.evaluate(WRITINGS)
    frame.evaluate("VilleActive.writeNames()")
    painted(frame)
    assert frame.evaluate("writings") == 0
    assert frame.evaluate("VilleActive.names()") == before
    frame.get_by_role("switch", name="Noms de lieux").click()
    written(frame, "")
    assert frame.evaluate("writings") == 1
    frame.get_by_role("switch", name="Noms de lieux").click()
    assert written(frame, "regions") == before
    # Leaflet forgets the frame that it asked for when a view is set: it cannot call it off
    frame.evaluate("""() => {
        const { map } = VilleActive;
        VilleActive.writeNames();
        map.setView([47, 2], 6, { animate: false });
        map.eachLayer((layer) => { if (layer.later) layer.remove(); });
    }""")
    painted(frame)  # an error of the page fails the test


def test_names_take_the_colours_of_the_theme_and_are_decoration(browser_page, app):
    frame = opened(browser_page, app)
    written(frame, "regions")
    assert channels(symbols.palette().ink) in frame.evaluate(INKS)
    browser_page.emulate_media(forced_colors="active")
    frame.wait_for_function("() => matchMedia('(forced-colors: active)').matches")
    painted(frame)
    forced = frame.evaluate(INKS)
    assert "0,0,0" in forced or "255,255,255" in forced
    assert channels(symbols.palette().ink) not in forced
    browser_page.emulate_media(forced_colors="none")
    darkened(browser_page)
    frame = map_frame(browser_page)
    written(frame, "regions")
    assert channels(symbols.palette(dark=True).ink) in frame.evaluate(INKS)
