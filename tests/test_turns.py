from contextlib import ExitStack
from threading import Thread

from villeactive.maps.scene import MapSpec
from villeactive.selection import Selection
from villeactive.ui import turns, workshop


def test_a_picture_already_made_waits_for_nobody():
    asked = ("svg", Selection(region=("53",)), MapSpec(extent="region:53"), 96)
    first = workshop.made(*asked)
    assert turns.drawing() == "Dessin de la carte…"
    found = []
    with ExitStack() as held:
        for _ in range(turns.AT_ONCE):
            held.enter_context(turns.place(said=False))
        assert "1 avant le vôtre" in turns.drawing()
        again = Thread(target=lambda: found.append(workshop.made(*asked)), daemon=True)
        again.start()
        again.join(timeout=60)
        assert found == [first]
