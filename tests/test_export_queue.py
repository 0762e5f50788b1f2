from contextlib import ExitStack
from threading import Thread

from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import Selection
from villeactive.ui import export_queue
from villeactive.ui.pages import workshop


def test_a_picture_already_made_waits_for_nobody(atlas):
    asked = (atlas, "svg", Selection(region=("53",)), MapSpec(extent="region:53"), 96)
    first = workshop.made(*asked)
    assert export_queue.drawing() == "Dessin de la carte…"
    found = []
    with ExitStack() as held:
        for _ in range(export_queue.AT_ONCE):
            held.enter_context(export_queue.place(said=False))
        assert "1 avant le vôtre" in export_queue.drawing()
        again = Thread(target=lambda: found.append(workshop.made(*asked)), daemon=True)
        again.start()
        again.join(timeout=60)
        assert found == [first]
