"""What a reader waits for, in Chromium: filter → symbols, the first map, a server just started.

Run: ``python -m benchmarks.screen``.
"""

import time

from playwright.sync_api import Browser, Page

from benchmarks.browser import again, change, chromium, first_map, settled, watched
from benchmarks.results import Row, median, show
from benchmarks.server import Server

TITLE = "À l’écran"
NOTE = (
    "Chromium, 1 440 × 900. Du clic sur un filtre à la dernière image de la carte. La page témoin "
    "pose un `folium.Marker` par point et refait toute la carte ; ni tuile ni contour, et Leaflet "
    "servi par la même machine (folium en demanderait dix fichiers ailleurs) : le réseau ne compte "
    "pas. Son rapport est celui de l’atlas à la page témoin, au même nombre de points. Jusqu’à "
    "5 000 lieux, la carte a reçu d’avance la réponse du clic ; au-delà, elle attend le serveur. "
    "Les visites suivantes trouvent un cache plein : l’une dans un nouvel onglet, l’autre "
    "recharge une page entière, au repos."
)
CHANGES = 7
PAGES = 9
STARTS = 5
PILLS = (("theme", 0), ("theme", 1), *(("programme", rank) for rank in (0, 1, 2, 5)))
_PILL = ".st-key-f-{} [role=toolbar] button >> nth={}"
_RADIO = "[data-testid=stRadio] [role=radiogroup] label >> nth={}"


def _view(page: Page) -> str | None:
    """Give pan and zoom of our map."""
    frame = page.locator("iframe").first.element_handle().content_frame()
    return frame.evaluate("() => window.VilleActive ? VilleActive.view() : null")


def book(browser: Browser, address: str) -> list[Row]:
    """Change filters on the map of the book, asked for the first time and again."""
    page = watched(browser)
    first_map(page, address)
    settled(page)
    page.frame_locator("iframe").get_by_title("Zoomer", exact=True).click()
    settled(page)
    before = _view(page)
    new, known = [], []
    for rank in range(2):
        for pill in PILLS:
            (known if rank else new).append(change(page, _PILL.format(*pill)))
            known.append(change(page, _PILL.format(*pill)))
    kept = _view(page) == before
    page.context.close()
    if not kept:
        msg = "la carte a bougé pendant les filtres"
        raise RuntimeError(msg)
    return [
        Row("Filtre → symboles, projets du livre, sélection nouvelle", median(new), "s", 0.15),
        Row("Filtre → symboles, projets du livre, sélection déjà vue", median(known), "s", 0.15),
    ]


def points(browser: Browser, address: str, n_shown: int, *, n_changes: int) -> tuple[float, bool]:
    """Change the filter of a page of many points; give the median, and whether the view held."""
    page = watched(browser)
    first_map(page, f"{address}/?n={n_shown}")
    settled(page)
    before = _view(page)
    taken = [change(page, _RADIO.format(turn + 1)) for turn in range(n_changes)]
    kept = before is not None and _view(page) == before
    page.context.close()
    return median(taken), kept


SIZES = (
    (300, 0.15, 0.25),
    (3_000, 0.30, None),
    (35_000, 0.20, None),
    (100_000, 0.45, None),
)
"""Points, seconds at most, share of the plain page at most."""


def many(browser: Browser) -> list[Row]:
    """Change filters at each of :data:`SIZES`, ours and, up to 3 000 points, the plain page."""
    rows = []
    with Server("benchmarks/pages/many.py") as ours, Server("benchmarks/pages/plain.py") as plain:
        ours.wait(), plain.wait()
        for n_shown, aim, most in SIZES:
            said = f"{n_shown:,}".replace(",", "\u202f")
            taken, kept = points(browser, ours.address, n_shown, n_changes=CHANGES)
            held = "" if kept else " (cadrage perdu)"
            ratio = None
            if n_shown <= 3_000:
                n_changes = CHANGES if n_shown == 300 else 5
                floor, _ = points(browser, plain.address, n_shown, n_changes=n_changes)
                rows.append(Row(f"Filtre → symboles, {said} points, page témoin", floor, "s"))
                ratio = taken / floor
            rows.append(
                Row(f"Filtre → symboles, {said} points{held}", taken, "s", aim, ratio, most)
            )
    return rows


VISITS = {
    "première visite": 1.2,
    "visite suivante, dans un nouvel onglet": 1.2,
    "page rechargée dans son onglet": 1.3,
}
"""How the atlas is opened → times that an empty map takes, at most."""

AWAY = 500
"""What passes between two visits, ms: the tab that was left is put away."""


def visits(browser: Browser, address: str) -> list[float]:
    """Open an address with nothing kept, then come back in a new tab, then load it again there."""
    page = watched(browser)
    context = page.context
    taken = [first_map(page, address)]
    settled(page)  # one comes back to a page that stood
    page.close()
    page = again(context)
    page.wait_for_timeout(AWAY)
    for _ in range(2):
        taken.append(first_map(page, address))
        settled(page)
    context.close()
    return taken


def first(browser: Browser, address: str) -> list[Row]:
    """Open the atlas and an empty map on warm servers: :data:`VISITS`."""
    with Server("benchmarks/pages/bare.py") as bare:
        bare.wait()
        taken = [
            [visits(browser, where) for where in (address, bare.address)] for _ in range(PAGES + 1)
        ]
    rows = []
    for rank, (said, most) in enumerate(VISITS.items()):
        # the first of all warms the servers
        ours, floor = (median([both[i][rank] for both in taken[1:]]) for i in (0, 1))
        rows.append(Row(f"Première carte, page témoin vide, {said}", floor, "s"))
        rows.append(
            Row(f"Première carte, serveur chaud, {said}", ours, "s", None, ours / floor, most)
        )
    return rows


def cold(browser: Browser) -> Row:
    """Start the server and open the atlas at once."""
    taken = []
    for _ in range(STARTS):
        page = watched(browser)
        start = time.perf_counter()
        with Server("app.py") as server:
            server.wait()
            first_map(page, server.address)
            taken.append(time.perf_counter() - start)
        page.context.close()
    return Row("Première carte, du démarrage du serveur", median(taken), "s", 5)


def run() -> list[Row]:
    """Measure everything that is seen."""
    with chromium() as browser:
        with Server("app.py") as server:
            server.wait()
            rows = [*first(browser, server.address), *book(browser, server.address)]
        return [*rows, *many(browser), cold(browser)]


if __name__ == "__main__":
    show(run)
