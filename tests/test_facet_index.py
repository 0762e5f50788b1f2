"""What the rows of a frame hold, against pandas asked the long way."""

import numpy as np
import pandas as pd

from tests.shipped import read_atlas
from villeactive.facet_index import Members, columns_of

FRAME = pd.DataFrame(
    {
        "region": ["53", None, "28", "53"],
        "programmes": [("ACV", "TI"), (), ("PVD",), ("TI",)],
        "population": [3, 1, 2, 5],
    },
    index=["a", "b", "c", "d"],
)


def test_rows_that_hold_one_of_some_codes():
    columns = columns_of(FRAME)
    assert columns.has("region", ["53"]).tolist() == [True, False, False, True]
    assert columns.has("region", ["28", "53"]).tolist() == [True, False, True, True]
    assert columns.has("programmes", ("TI",)).tolist() == [True, False, False, True]
    assert columns.has("programmes", ("PVD", "ACV")).tolist() == [True, False, True, False]
    assert columns.values("population").tolist() == [3, 1, 2, 5]


def test_rows_of_one_text_share_it():
    values = columns_of(pd.DataFrame({"kind": ["projet", None, "lieu", "projet"]})).values("kind")
    assert values.tolist() == ["projet", values[1], "lieu", "projet"]
    assert values[0] is values[3]
    assert pd.isna(values[1])


def test_a_code_that_no_row_holds_and_no_code_at_all():
    columns = columns_of(FRAME)
    assert not columns.has("region", ["99"]).any()
    assert not columns.has("programmes", []).any()
    assert "99" not in columns.rows("region")


def test_rows_are_told_in_order():
    rows = columns_of(FRAME).rows("programmes")
    assert {code: at.tolist() for code, at in rows.items()} == {
        "ACV": [0],
        "PVD": [2],
        "TI": [0, 3],
    }


def test_a_frame_is_read_once_and_another_one_anew():
    assert columns_of(FRAME) is columns_of(FRAME)
    assert columns_of(FRAME.copy()) is not columns_of(FRAME)


def test_a_frame_without_rows():
    empty = columns_of(FRAME.iloc[:0])
    assert (len(empty), empty.rows("region"), empty.rows("programmes")) == (0, {}, {})
    assert empty.has("region", ["53"]).tolist() == []


def test_all_communes_as_pandas_finds_them():
    communes = read_atlas().communes
    columns = columns_of(communes)
    for code in ("11", "94", "06"):
        assert (columns.has("region", [code]) == (communes["region"] == code)).all()
    for code in ("ACV", "PVD", "TI1", "MANUP"):
        expected = communes["programmes"].map(lambda held, code=code: code in held)
        assert (columns.has("programmes", [code]) == expected).all()


def test_codes_are_counted_among_some_rows():
    columns = columns_of(FRAME)
    kept = np.array([True, True, False, True])
    assert columns.counts("region", kept) == {"28": 0, "53": 2}
    assert columns.counts("programmes", kept, of="region") == {"ACV": 1, "PVD": 0, "TI": 1}
    assert columns.n_different("region", kept) == 1
    assert columns.n_different("population", kept) == 3


def test_sites_of_one_project_count_once():
    sites = read_atlas().sites
    kept = (sites["population"] > 20_000).to_numpy()
    for column in ("epcis", "regions", "programmes"):
        listed = sites.loc[kept, ["project", column]].explode(column).dropna().drop_duplicates()
        expected = listed[column].value_counts().to_dict()
        found = columns_of(sites).counts(column, kept, of="project")
        assert {code: n for code, n in found.items() if n} == expected


def test_sets_tell_which_rows_are_kept():
    members = Members(
        {"a": {"y", "z"}, "b": frozenset(), "c": {"x", "z"}}, pd.Index(["x", "y", "z"])
    )
    assert members.has(["a", "b"]).tolist() == [False, True, True]
    assert members.has(["unknown"]).tolist() == [False] * 3
    assert members.counts(np.array([True, False, True])) == {"a": 1, "b": 0, "c": 2}
