"""Speed of drawn maps: medians of figure + labels + save, after imports and the first drawing.

The floor is what plain geopandas and matplotlib need for the same layers on the same page, without
title, legend, labels or insets' words. Run: ``python -m benchmarks.printed``.
"""

import gc
import io
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from villeactive.atlas import read_atlas
from villeactive.filtering import apply
from villeactive.geography.referential import read_outlines
from villeactive.maps import symbols
from villeactive.maps.render.png_pdf import to_pdf, to_png, to_svg
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.declutter import spread
from villeactive.maps.scene.extent import DROM, ZONES, zone_at
from villeactive.maps.scene.map_content import zone_of
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import Selection

ROUNDS = 7
CASES = {
    "20 projets": MapSpec(layers=("projects",), overseas=True, date="2026-11-23"),
    "20 projets + 1 646 villes": MapSpec(
        layers=("projects", "towns:PVD"), overseas=True, date="2026-11-23"
    ),
}
LIMITS = {"PNG": 0.8, "SVG": 0.25, "PDF": 0.6}
RATIOS = {"20 projets": 1.3, "20 projets + 1 646 villes": 1.5}


def median(work: Callable[[int], object]) -> float:
    """Time a piece of work; its argument changes, so that nothing comes from a cache of results."""
    work(0)
    taken = []
    for turn in range(1, ROUNDS + 1):
        gc.collect()
        start = time.perf_counter()
        work(turn)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def plain(spec: MapSpec) -> Callable[[int], bytes]:
    """Draw the same layers with geopandas.plot and savefig, outlines projected beforehand."""
    atlas, ground = read_atlas(), symbols.palette()
    sites = atlas.sites[atlas.sites["kind"] != "mention"]
    towns = atlas.towns[[("PVD" in codes) for codes in atlas.towns["programmes"]]]
    levels = {name: read_outlines(name) for name in ("neighbours", "departements", "regions")}
    bounds = (0.36, 0.02, 0.5, 0.94)
    boxes = {"metropole": bounds} | {
        code: (0.88, 0.79 - 0.18 * rank, 0.09, 0.15) for rank, code in enumerate(DROM)
    }
    parts = {}
    for zone, epsg in ZONES.items():
        zoned = {}
        for name, frame in levels.items():
            inner = frame.geometry.representative_point()
            here = [zone_at(x, y) == zone for x, y in zip(inner.x, inner.y, strict=True)]
            zoned[name] = frame[here].to_crs(epsg)
        zoned["towns"] = towns[zone_of(towns["departement"]) == zone].to_crs(epsg)
        zoned["sites"] = sites[zone_of(sites["departement"]) == zone].to_crs(epsg)
        parts[zone] = zoned

    def draw(_turn: int) -> bytes:
        figure = Figure(figsize=(13.333, 7.5))
        for zone, zoned in parts.items():
            axes = figure.add_axes(boxes[zone])
            axes.set_axis_off()
            if len(zoned["neighbours"]):
                zoned["neighbours"].plot(ax=axes, color=ground.other_land)
            zoned["departements"].plot(
                ax=axes, color=ground.land, edgecolor=ground.departement, linewidth=0.5
            )
            zoned["regions"].plot(ax=axes, facecolor="none", edgecolor=ground.region, linewidth=0.9)
            if "towns:PVD" in spec.layers and len(zoned["towns"]):
                zoned["towns"].plot(ax=axes, markersize=4, color=ground.ink_soft)
            if len(zoned["sites"]):
                zoned["sites"].plot(ax=axes, markersize=95, color=ground.ink)
        stored = io.BytesIO()
        figure.savefig(stored, dpi=300, format="png")
        return stored.getvalue()

    return draw


def ours(spec: MapSpec, write: Callable) -> Callable[[int], bytes]:
    """Compose and write; the title changes each time."""
    atlas = read_atlas()
    applied = apply(Selection(), atlas)
    return lambda turn: write(
        compose(applied, atlas, spec=replace(spec, title=f"La ville active {turn}"))
    )


def crowd(n: int, turn: int) -> bytes:
    """Spread ``n`` symbols that fall on one another; give their places."""
    homes = np.random.default_rng(turn).uniform(0, 500, (n, 2))
    moved = spread(homes, np.full(n, 2.0), weights=np.ones(n), most=np.full(n, 5.0))
    return np.asarray(moved).tobytes()


def memory_mb() -> float:
    """Peak memory of the process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print one row a format and a case."""
    print(f"{'cas':28}{'format':8}{'médiane':>9}{'seuil':>8}{'rapport':>9}{'seuil':>8}{'ko':>8}")
    for name, spec in CASES.items():
        floor = median(plain(spec))
        print(f"{name:28}{'plancher':8}{floor:8.3f}s{'':8}{1:8.2f}×")
        for kind, write in (("PNG", to_png), ("SVG", to_svg), ("PDF", to_pdf)):
            work = ours(spec, write)
            taken, size = median(work), len(work(99)) / 1000
            ratio = f"{RATIOS[name]:7.1f}×" if kind == "PNG" else ""
            print(
                f"{name:28}{kind:8}{taken:8.3f}s{LIMITS[kind]:7.2f}s{taken / floor:8.2f}×"
                f"{ratio:>8}{size:8.0f}"
            )
    few, many = (median(lambda turn, n=n: crowd(n, turn)) for n in (412, 1646))
    print(f"symboles écartés : 412 en {few:.3f} s, 1 646 en {many:.3f} s ({many / few:.1f}×)")
    work = ours(CASES["20 projets + 1 646 villes"], to_png)
    for turn in range(20):
        work(turn)
    before = memory_mb()
    for turn in range(20, 120):
        work(turn)
    print(f"mémoire : {before:.0f} Mo après 20 exports PNG, {memory_mb():.0f} Mo après 120")


if __name__ == "__main__":
    main()
