"""What a filter change costs the server. Run: ``python -m benchmarks.traffic``."""

import asyncio

from benchmarks.results import Row, median, show
from benchmarks.server import Server
from benchmarks.visitor import Visitor
from villeactive.atlas import read_atlas
from villeactive.ui.background import REST

TITLE = "Par changement de filtre, sur le serveur"
NOTE = (
    "Projets du livre, une région après l’autre, par le protocole de Streamlit. « Sur le fil » : "
    "octets reçus par la connexion, que `server.enableWebsocketCompression` comprime ; « en "
    "clair » : les mêmes messages avant compression."
)
CPU_MS, BYTES = 80, 10_000


async def at_rest(server: Server) -> None:
    """Wait for what a fresh server makes once, after its first page: the index of the search."""
    await asyncio.sleep(REST + 2)
    spent = -1.0
    while server.cpu_s() - spent > 0.05:
        spent = server.cpu_s()
        await asyncio.sleep(0.5)


async def measure(
    server: Server, regions: list[str], *, query: str = "", most: int = BYTES
) -> list[Row]:
    """Choose each region, twice, then once more by another visitor."""
    one, other = (Visitor(server.address, query=query) for _ in range(2))
    await one.open()
    await at_rest(server)
    rows = []
    for said, visitor in (
        ("sélection nouvelle", one),
        ("sélection déjà vue de ce visiteur", one),
        ("sélection déjà vue d’un autre", other),
    ):
        if visitor is other:
            await other.open()
        await visitor.choose("f-region")
        cpu, wire, raw = [], [], []
        for region in regions:
            before = server.cpu_s()
            answer = await visitor.choose("f-region", region)
            cpu.append(1000 * (server.cpu_s() - before))
            wire.append(answer.wire)
            raw.append(answer.raw)
            if answer.errors:
                msg = f"région {region} : {answer.errors} erreurs"
                raise RuntimeError(msg)
        rows += [
            Row(f"Processeur, {said}", median(cpu), "ms", CPU_MS),
            Row(f"Octets sur le fil, {said}", median(wire), "o", most),
            Row(f"Octets en clair, {said}", median(raw), "o"),
        ]
    await one.close()
    await other.close()
    return rows


def run() -> list[Row]:
    """Measure on a server of its own."""
    regions = sorted(set(read_atlas().sites["region"]))
    with Server("app.py") as server:
        server.wait()
        return asyncio.run(measure(server, regions))


if __name__ == "__main__":
    show(run)
