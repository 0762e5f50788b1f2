"""The measures themselves: percentiles, rows, the page of results, the points measured."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pyarrow.parquet as pq
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.server import ServerConnection, serve

from benchmarks import many
from benchmarks.points import TURNS, pool, shown
from benchmarks.replayed import Page, frame
from benchmarks.results import Row, page, percentile


@pytest.mark.parametrize(
    ("values", "share", "wanted"),
    [(range(1, 101), 0.95, 95), ([3], 0.95, 3), ([2, 1], 0.5, 1), ([5, 1, 3], 1, 5)],
)
def test_percentile_is_one_of_the_values(values, share, wanted):
    assert percentile(values, share) == wanted


def test_a_row_says_whether_its_aims_are_held():
    assert Row("a", 2, "s").held is None
    assert Row("a", 2, "s", 2).held is True
    assert Row("a", 2.1, "s", 2).held is False
    assert Row("a", 1, "s", 2, 0.3, 0.25).held is False
    assert Row("a", 0, "", 0).held is True
    assert Row("a", 90, "", None, 1.8, 1.7, least=True).held is True
    assert Row("a", 90, "", None, 1.6, 1.7, least=True).held is False


def test_the_page_says_where_and_what_without_a_path():
    rows = [
        Row("Délai", 0.1234, "s", 0.15, 0.2, 0.25),
        Row("Octets", 12345, "o", 10_000),
        Row("Filtres", 90, "", None, 1.8, 1.7, least=True),
    ]
    written = page({"Titre": rows}, {"Titre": "Comment."}, day=date(2026, 11, 24))
    assert "| Délai | 0,123 s | ≤ 0,15 s | 0,2 × | ≤ 0,25 × | oui |" in written
    assert "| Octets | 12\u202f345 o | ≤ 10\u202f000 o |  |  | **non** |" in written
    assert "| Filtres | 90 |  | 1,8 × | ≥ 1,7 × | oui |" in written
    assert "2026-11-24" in written
    assert "streamlit" in written
    assert not any(folder in written for folder in ("/home", "/work", "/root"))


def test_each_filter_shows_as_many_points_and_others():
    points = pool(300)
    turns = [shown(points, turn, 300) for turn in range(TURNS)]
    assert {len(frame) for frame in turns} == {300}
    assert all(
        set(a["project"]) != set(b["project"]) for a, b in zip(turns, turns[1:], strict=False)
    )
    assert points["project"].is_unique
    assert pool(300).equals(points)


def test_tables_of_any_length_are_measured_on_what_is_placed(tmp_path):
    source = many.a_file(tmp_path / "a.parquet", 900, 300)
    assert pq.ParquetFile(source).metadata.num_row_groups == 3
    for mapping in many.BY.values():
        assert many.seconds(source, mapping) > 0
        written = pq.read_table(tmp_path / "places.parquet")
        assert written["code_insee"].equals(written["Code INSEE"])


def test_a_replayed_page_asks_as_recorded_and_reads_only_what_ends():
    asked: list[bytes] = []
    well = ForwardMsg.FINISHED_SUCCESSFULLY

    async def answer(socket: ServerConnection) -> None:
        async for message in socket:
            asked.append(message)
            for size in (0, 50, 1_000, 100_000):
                await socket.ping()
                await socket.send(ForwardMsg(hash=os.urandom(size).hex()).SerializeToString())
            last = ForwardMsg.FINISHED_WITH_COMPILE_ERROR if message == b"fault" else well
            for ended in (ForwardMsg.FINISHED_EARLY_FOR_RERUN, last):
                await socket.send(ForwardMsg(script_finished=ended).SerializeToString())

    async def visit() -> None:
        async with serve(answer, "127.0.0.1", 0, subprotocols=["streamlit"]) as served:
            where = f"http://127.0.0.1:{served.sockets[0].getsockname()[1]}"
            frames = [frame(one) for one in (b"open", b"again", os.urandom(500), b"fault", b"two")]
            page_ = await Page(frames, 2).open(where, where)
            await page_.filter()
            await page_.filter()
            with pytest.raises(RuntimeError):
                await page_.filter()
            page_.close()

    # in a thread of its own: a browser of other tests leaves a loop running in this one
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, visit()).result()
    assert [len(one) for one in asked] == [4, 5, 3, 500, 5]
